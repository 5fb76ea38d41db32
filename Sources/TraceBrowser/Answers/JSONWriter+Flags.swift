import JSON
import Messages

extension JSONWriter {
    /// Writes the names of flags as an array.
    mutating func flags(_ flags: MessageFlags) {
        beginArray()
        for (flag, name) in MessageFlags.names where flags.contains(flag) { string(name) }
        endArray()
    }
}
