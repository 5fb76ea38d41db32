import Traces

/// Where the stages of a recording put their records, whatever takes them in the end.
///
/// The stages know nothing of the type of the output, so the compiler makes them for no type in particular but for
/// good: a stage that is generic costs a look into the tables of its type at every step, this one call for a record.
protocol RecordChannel: AnyObject {
    func append(_ record: TraceRecord)
    /// Appends a message as one record; its body has ``BodyRecord/maximumCount`` bytes at most.
    func append(whole head: borrowing HeadRecord, body: borrowing [UInt8], _ end: borrowing EndRecord)
    /// False while a message that is appended would find no room.
    var isAccepting: Bool { get }
}

/// The channel to an output of any type.
final class OutputChannel<Output: RecordOutput & ~Copyable>: RecordChannel {
    /// Not watched for overlapping accesses at run time, at every record: one thread records, and no output calls back.
    @exclusivity(unchecked)
    var output: Output

    init(_ output: consuming Output) {
        self.output = output
    }

    var isAccepting: Bool { output.isAccepting }

    func append(_ record: TraceRecord) {
        output.append(record)
    }

    func append(whole head: borrowing HeadRecord, body: borrowing [UInt8], _ end: borrowing EndRecord) {
        output.append(whole: head, body: body, end)
    }
}
