import Bytes
import JSON
import Messages

/// Whose dates are moved together, and what the message at hand says of whom that is.
struct ShiftedSubject: Sendable {
    let subject: DateShift.Subject
    private let name: UInt64
    /// Empty where the message does not say.
    var value: [UInt8] = []

    init(_ subject: DateShift.Subject) {
        self.subject = subject
        name =
            switch subject {
            case .everything: 0
            case .field(let name), .header(let name): FieldName(Array(name.utf8).span).hash
            }
    }

    func isNamed(_ spelling: Span<UInt8>) -> Bool { FieldName(spelling).hash == name }

    var isField: Bool {
        if case .field = subject { true } else { false }
    }

    var isHeader: Bool {
        if case .header = subject { true } else { false }
    }
}

extension Anonymizer {
    /// Appends a date or time moved by the number of days of its subject; what is none is pseudonymized.
    mutating func appendShifted(
        _ value: Span<UInt8>,
        _ treatment: Treatment,
        isNumber: Bool,
        to output: inout [UInt8]
    ) {
        if case .shift(let shift) = catalog.entries[Int(treatment.rule)].parameters,
            let notation = DateNotation(value, isNumber: isNumber)
        {
            let subject = subjects.first { $0.subject == shift.subject }?.value ?? []
            let days = pseudonymizer.days(of: subject, upTo: shift.days)
            if notation.append(movedBy: days, value, to: &output) { return }
        }
        pseudonymizer.append(isNumber ? .digits : .text, of: value, to: &output)
    }

    /// Looks for whom a message is about in its head, before anything in it is replaced.
    mutating func noteSubjects(in head: borrowing Head) {
        for index in subjects.indices {
            subjects[index].value.removeAll(keepingCapacity: true)
            guard subjects[index].isHeader else { continue }
            for field in head.fields.indices where subjects[index].isNamed(head.name(of: head.fields[field]))
            {
                subjects[index].value.append(contentsOf: head.value(of: head.fields[field]))
                break
            }
        }
        if head.kind == .request, let query = head.queryRange {
            noteSubjects(inPairs: head.bytes.span.extracting(query.bounds))
        }
    }

    /// Looks for whom a JSON text is about; the first member of the name counts, wherever it stands.
    mutating func noteSubjects(inJSON text: Span<UInt8>) {
        for index in subjects.indices where subjects[index].isField {
            var scanner = JSONScanner(text)
            var isNext = false
            search: while let token = try? scanner.next() {
                switch token {
                case .key(let range): isNext = subjects[index].isNamed(text.extracting(range.bounds))
                case .string(let range), .number(let range):
                    guard isNext else { continue }
                    subjects[index].value = Array(text.extracting(range.bounds))
                    break search
                case .beginObject, .endObject, .beginArray, .endArray, .bool, .null: isNext = false
                }
            }
        }
    }

    /// The same for a query or a form.
    mutating func noteSubjects(inPairs text: Span<UInt8>) {
        for index in subjects.indices where subjects[index].isField {
            var start = 0
            while start < text.count {
                let end = text.firstIndex(of: 0x26, from: start) ?? text.count
                let pair = text.extracting(start..<end)
                if let equals = pair.firstIndex(of: 0x3D),
                    subjects[index].isNamed(pair.extracting(0..<equals))
                {
                    let coded = pair.extracting(equals &+ 1..<pair.count)
                    subjects[index].value = PercentEncoding.decode(coded, plusIsBlank: true)
                    break
                }
                start = end &+ 1
            }
        }
    }
}

extension Pseudonymizer {
    /// By how many days the dates of a subject are moved: from 1 to `limit` in either direction.
    mutating func days(of subject: [UInt8], upTo limit: Int) -> Int {
        var stream = stream(.date, (Array("shift ".utf8) + subject).span, isPart: true)
        let days = Int(stream.below(UInt64(2 * limit)))
        return days < limit ? days - limit : days - limit + 1
    }
}
