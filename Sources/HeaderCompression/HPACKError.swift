/// Why a header block could not be read.
package enum HPACKError: Error, Hashable, Sendable {
    /// An index without an entry, a broken integer or Huffman code, a table size over the limit, or a string of more
    /// than 65,536 bytes: whatever this direction says in the same table from here on is lost (RFC 7541, section 2.2).
    case damaged
}
