import Foundation
import JSON
import Testing

private let corpus = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"]

@Suite(.enabled(if: corpus != nil, "TAPEDECK_CORPUS names the folder of the corpus"))
struct JSONCorpusTests {
    /// Published as an example of broken JSON.
    static let broken = "shopify/orderlineitems-properties_invalid0.json"

    @Test func readsEveryWebhookPayload() throws {
        let folder = URL(filePath: try #require(corpus)).appending(path: "webhooks")
        let index = try JSONValue(
            parsing: [UInt8](Data(contentsOf: folder.appending(path: "index.json"))).span
        )
        guard case .array(let entries) = index else {
            Issue.record("the index is no array")
            return
        }
        var refused: [String] = []
        var accepted = 0
        for entry in entries where entry["content_type"] == .string("application/json") {
            guard case .string(let file)? = entry["file"] else { continue }
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: file)))
            do {
                var writer = JSONWriter()
                let value = try JSONValue(parsing: bytes.span)
                writer.value(value)
                #expect(try JSONValue(parsing: writer.bytes.span) == value, "\(file)")
                accepted += 1
            } catch {
                refused.append(file)
            }
        }
        #expect(refused == [Self.broken])
        #expect(accepted > 400)
    }
}
