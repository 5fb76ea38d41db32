import Foundation
import Testing

/// Which room may import which: the table in `Documentation/architecture.md` against the sources.
@Suite struct ImportRules {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct Room: CustomTestStringConvertible {
        var name: String
        var isShell: Bool
        var imports: Set<String>

        var testDescription: String { name }
    }

    static let systemModules: Set<String> = ["Glibc", "Synchronization", "Dispatch", "Foundation"]

    /// The rows of the table whose first cell is a room.
    static let rooms: [Room] = {
        let url = root.appending(path: "Documentation/architecture.md")
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
        var rooms: [Room] = []
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            let name = cells[1].trimmingCharacters(in: ["`"])
            var imports = Set(cells[3].split(separator: " ").map { $0.trimmingCharacters(in: ["`", ","]) })
            if cells[3].hasPrefix("everything above") {
                imports.formUnion(rooms.map(\.name))
            }
            if cells[2] == "shell" { imports.formUnion(systemModules) }
            rooms.append(Room(name: name, isShell: cells[2] == "shell", imports: imports))
        }
        return rooms
    }()

    static func sources(of room: String) -> [URL] {
        let folder = root.appending(path: room == "Anonymizers" ? room : "Sources/\(room)")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
    }

    @Test func theTableNamesEveryRoom() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appending(path: "Sources").path
        )
        #expect(Set(Self.rooms.map(\.name)) == Set(folders).union(["Anonymizers"]))
    }

    @Test(arguments: rooms) func importsOnlyWhatTheTableAllows(room: Room) throws {
        // A line such as `package import struct Packets.Endpoint`, with any access level and attributes.
        let pattern = try Regex(
            #"^(?:@\w+(?:\([^)]*\))? )*(?:(?:public|package|internal|fileprivate|private) )?"#
                + #"import (?:(?:struct|class|enum|protocol|func|var|let|typealias) )?(\w+)"#
        )
        for file in Self.sources(of: room.name) {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                guard let module = line.firstMatch(of: pattern)?.output[1].substring else { continue }
                #expect(
                    room.imports.contains(String(module)),
                    "\(room.name) may not import \(module) (\(file.lastPathComponent))"
                )
            }
        }
    }

    /// Whoever records or replays needs no database.
    @Test func theProgramDoesNotLinkTheDatabase() throws {
        let program = try #require(Self.rooms.first { $0.name == "tapedeck" })
        let database: Set = ["CPostgres", "MeshDatabase", "MeshService"]
        #expect(program.imports.isDisjoint(with: database))
        #expect(database.isSubset(of: Self.rooms.map(\.name)))
    }

    /// The scan above would pass if it found nothing at all.
    @Test func theScanSeesImports() {
        #expect(Self.rooms.count > 15)
        #expect(Self.sources(of: "Streams").isEmpty == false)
    }
}
