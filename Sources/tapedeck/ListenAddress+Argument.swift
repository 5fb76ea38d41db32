import ArgumentParser
package import MeshTarget

extension ListenAddress: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
