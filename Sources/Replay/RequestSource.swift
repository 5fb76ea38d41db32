package import Traces

/// Gives the messages of one or more traces, ordered by start.
///
/// Responses may stand among the requests; they serve only to learn what a request was answered with. A message is
/// loaded when it is asked for, so a trace larger than memory can be behind this.
package protocol RequestSource {
    /// The next message, or `nil` at the end.
    mutating func next() throws -> RecordedMessage?
    /// Starts over from the first message.
    ///
    /// A source that is a pipe throws: what needs a second pass (`--loop`, `--rate`, and finding out whether the
    /// target was recorded) is then not to be had.
    mutating func rewind() throws
}
