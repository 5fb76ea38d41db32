import Bytes

/// Base64 as it stands in fields and cursors, decoded and written again in its own form.
struct Base64Text: Hashable {
    private let form: Base64Form
    let bytes: [UInt8]

    /// Texts shorter than this could be words.
    static let minimumCount = 8

    /// Answers `nil` for what is not base64 to its last byte, and for what stands for anything but printable ASCII.
    init?(_ text: Span<UInt8>) {
        guard text.count >= Self.minimumCount, let (bytes, form) = Base64.decode(text),
            bytes.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        self.bytes = bytes
        self.form = form
    }

    /// `other` in the form of this text.
    func spelled(_ other: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        Base64.encode(other.span, as: form, to: &text)
        return text
    }
}
