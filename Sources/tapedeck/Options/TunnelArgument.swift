import ArgumentParser
import Packets

/// A tunnel as it is given on the command line: `vxlan:4789`.
enum TunnelArgument {
    static func parse(_ text: String) throws -> Tunnel {
        do {
            return try Tunnel(parsing: text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
