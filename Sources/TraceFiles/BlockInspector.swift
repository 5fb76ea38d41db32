/// Someone who looks at the records of each closed block before they are written.
///
/// It is called on the writing thread, of which there are several for a moment when a part of a recording ends and the
/// next begins.
package final class BlockInspector: Hashable, Sendable {
    /// Takes the records of a block, as a ``RecordCursor`` reads them.
    let inspect: @Sendable (borrowing [UInt8]) -> Void

    package init(_ inspect: @escaping @Sendable (borrowing [UInt8]) -> Void) {
        self.inspect = inspect
    }

    package static func == (left: BlockInspector, right: BlockInspector) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
