import Bytes

/// Finds moments inside texts: `2026-11-27T12:35:00.5+01:00`, `2026-11-27`, `12:35:00`, `Fri, 27 Nov 2026 12:35:00 GMT`.
enum MomentText {
    /// Where the moment ends that begins at `start`; `nil` where none does. O(1), but for fractions.
    static func end(in text: Span<UInt8>, from start: Int) -> Int? {
        if let end = follow("aaa, dd aaa dddd dd:dd:dd aaa", text, start) { return end }
        if let clock = follow("dd:dd:dd", text, start) { return fraction(text, clock) }
        guard let day = follow("dddd-dd-dd", text, start) else { return nil }
        guard let hour = follow("Tdd:dd", text, day) ?? follow(" dd:dd", text, day) else { return day }
        var end = hour
        if let second = follow(":dd", text, end) { end = fraction(text, second) }
        return follow("Z", text, end) ?? follow("+dd:dd", text, end) ?? follow("-dd:dd", text, end)
            ?? follow("+dddd", text, end) ?? end
    }

    private static func fraction(_ text: Span<UInt8>, _ start: Int) -> Int {
        guard start + 1 < text.count, text[start] == 0x2E, text[start + 1].isASCIIDigit else { return start }
        var end = start + 1
        while end < text.count, text[end].isASCIIDigit { end += 1 }
        return end
    }

    /// Where a form ends that begins at `start`, in which `d` is a digit and `a` a letter.
    private static func follow(_ form: StaticString, _ text: Span<UInt8>, _ start: Int) -> Int? {
        let count = form.utf8CodeUnitCount
        guard start + count <= text.count else { return nil }
        for index in 0..<count {
            let byte = text[start + index]
            let fits =
                switch form.utf8Start[index] {
                case 0x64: byte.isASCIIDigit
                case 0x61: (0x61...0x7A).contains(byte | 0x20)
                case let literal: byte == literal
                }
            guard fits else { return nil }
        }
        return start + count
    }
}
