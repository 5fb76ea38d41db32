import Bytes
import Messages

/// Lines of a recorded head that go out as they stand there, one right behind the other: they are copied in one piece.
struct LineRun {
    /// Where the lines stand in the recorded head, line ends included; empty where there are none.
    private var start = 0
    private var end = 0

    /// Appends the line of a field as it stood, without blanks at its end, and with the usual line end behind it.
    ///
    /// A line that was written otherwise ends the run.
    mutating func append(
        _ field: HeaderField,
        known: FieldName?,
        to request: inout PreparedRequest.Content,
        of head: Span<UInt8>
    ) {
        if field.name.offset != end {
            self.end(in: &request, of: head)
            start = field.name.offset
        }
        // Blanks behind the colon are all that an empty value can consist of.
        if field.value.isEmpty, field.value.end > field.name.end + 1 {
            self.end(in: &request, of: head)
            request.appendLine(name: head.extracting(field.name.bounds), known: known) { _ in }
            return
        }
        let place = request.bytes.count + field.name.offset - start
        request.lines.append(
            FieldLine(
                line: ByteRange(offset: place, count: field.value.end - field.name.offset),
                nameCount: field.name.count,
                hasValue: !field.value.isEmpty,
                known: known
            )
        )
        end = field.value.end
        if end + 2 <= head.count, head[end] == 0x0D, head[end + 1] == 0x0A {
            end += 2
        } else {
            self.end(in: &request, of: head)
            request.bytes.append("\r\n")
        }
    }

    /// Copies what has been appended.
    mutating func end(in request: inout PreparedRequest.Content, of head: Span<UInt8>) {
        if start < end { request.bytes.append(contentsOf: head.extracting(start..<end)) }
        start = end
    }
}
