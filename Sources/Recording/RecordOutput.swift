package import Traces

/// Takes the records of a recording, in the order in which a trace holds them.
///
/// A writer that fails keeps its error for whoever drives the pipeline: the pipeline has no use for it.
package protocol RecordOutput: ~Copyable {
    mutating func append(_ record: TraceRecord)
}
