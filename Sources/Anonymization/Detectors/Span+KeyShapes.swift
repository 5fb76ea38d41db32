import Bytes

extension Span where Element == UInt8 {
    /// The end of the token of a Telegram bot that starts at `start`: its number, a colon, `AA` and 33 more characters.
    func telegramTokenEnd(at start: Int) -> Int? {
        guard byte(start).isASCIIDigit, !byte(start &- 1).isWordByte else { return nil }
        var index = start
        while index < count, index &- start < 11, self[index].isASCIIDigit { index &+= 1 }
        guard (8...10).contains(index &- start), starts(with: ":AA", at: index) else { return nil }
        let end = endOfKey(from: index &+ 1)
        return end &- index == 36 ? end : nil
    }

    /// The end of the token of a Discord bot that starts at `start`: three parts in base64url of about 24, 6 and 27 or 38 characters,
    /// of which the first, the bot's number, begins with `M`, `N` or `O`.
    func discordTokenEnd(at start: Int) -> Int? {
        guard byte(start) >= 0x4D, byte(start) <= 0x4F, !byte(start &- 1).isWordByte else { return nil }
        let first = endOfKey(from: start)
        guard (23...28).contains(first &- start), byte(first) == 0x2E else { return nil }
        let second = endOfKey(from: first &+ 1)
        guard (6...7).contains(second &- first &- 1), byte(second) == 0x2E else { return nil }
        let end = endOfKey(from: second &+ 1)
        return (27...45).contains(end &- second &- 1) ? end : nil
    }

    /// The end of the key of Twilio that starts at `start`: `SK` and 32 hexadecimal digits.
    func twilioKeyEnd(at start: Int) -> Int? {
        guard starts(with: "SK", at: start), start &+ 34 <= count, !byte(start &+ 34).isWordByte else {
            return nil
        }
        for index in start &+ 2..<start &+ 34 where self[index].hexDigitValue == nil { return nil }
        return start &+ 34
    }

    private func endOfKey(from start: Int) -> Int {
        var index = start
        while index < count, index &- start < 64, self[index].isWordByte || self[index] == 0x2D {
            index &+= 1
        }
        return index
    }
}
