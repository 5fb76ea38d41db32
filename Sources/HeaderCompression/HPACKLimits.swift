/// How much a decoder of header compression holds, per direction of a connection.
package struct HPACKLimits: Hashable, Sendable {
    /// The most bytes of the dynamic table that an encoder may ask for (RFC 7541, section 4.2).
    ///
    /// What the other side allowed is in a SETTINGS frame that need not have been captured, so everything up to this
    /// is taken. It is used only by those who ask for it: a table starts with 4,096 bytes.
    package var tableBytes: Int
    /// Entries that a table is taken to hold already where its beginning was not seen; an index past them is an error.
    package var unseenEntries: Int

    package init(tableBytes: Int = 262_144, unseenEntries: Int = 2_048) {
        precondition(unseenEntries >= 0, "limits are positive")
        precondition(
            tableBytes >= HPACKDecoder.entryOverhead * unseenEntries,
            "unseen entries fit into the table"
        )
        self.tableBytes = tableBytes
        self.unseenEntries = unseenEntries
    }

    package static let `default` = HPACKLimits()
}
