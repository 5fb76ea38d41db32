package import JSON

/// An answer of the browser, before it is a message of HTTP.
package struct BrowserAnswer: Sendable {
    package var status: Int
    package var type: String
    package var body: [UInt8]
    /// The name under which a download is to be stored.
    package var attachment: String?

    package init(status: Int = 200, type: String, body: [UInt8], attachment: String? = nil) {
        self.status = status
        self.type = type
        self.body = body
        self.attachment = attachment
    }

    package static func json(_ writer: JSONWriter) -> BrowserAnswer {
        BrowserAnswer(type: "application/json; charset=utf-8", body: writer.bytes)
    }

    /// A refusal in a sentence, which the page shows.
    package static func refusal(_ status: Int, _ sentence: String) -> BrowserAnswer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.string(sentence)
        writer.endObject()
        return BrowserAnswer(
            status: status,
            type: "application/json; charset=utf-8",
            body: writer.bytes
        )
    }
}
