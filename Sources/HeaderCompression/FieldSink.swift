/// Takes the fields of a header block, in the order of the wire; the bytes are borrowed for the length of the call.
package protocol FieldSink: ~Copyable {
    /// An empty `name` stands for one that cannot be known: it refers to an entry from before the beginning.
    ///
    /// Then an empty `value` is not known either.
    mutating func field(name: Span<UInt8>, value: Span<UInt8>)
}
