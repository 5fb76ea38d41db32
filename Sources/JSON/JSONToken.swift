package import Bytes

/// One token of a JSON text (RFC 8259), as runs of bytes in the text.
package enum JSONToken: Hashable, Sendable {
    case beginObject
    case endObject
    case beginArray
    case endArray
    /// The name of an object's member, quotes excluded, escapes still in it.
    case key(ByteRange)
    /// A string value, quotes excluded, escapes still in it.
    case string(ByteRange)
    /// A number, spelled as in the text.
    case number(ByteRange)
    case bool(Bool)
    case null
}
