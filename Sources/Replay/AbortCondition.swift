/// When a replay is to be stopped: `errors > 5% for 10s`, `p99 > 2s for 10s`.
///
/// A condition has a measure, the limit above which it holds, and how long it has to hold without a break.
package struct AbortCondition: Hashable, Sendable {
    /// What is held against the limit.
    package enum Measure: Hashable, Sendable {
        /// The share of requests that got no whole answer, or one of 5xx.
        case errors
        /// The share of requests that got no whole answer.
        case failures
        /// The share of answers with one of these statuses.
        case statuses(ClosedRange<UInt16>)
        /// A percentile of a time, more than 0 and at most 100, which is the longest.
        case percentile(Double, Clock)
        /// The mean of a time.
        case mean(Clock)
        /// Requests sent and not yet answered.
        case inFlight
    }

    /// From when on a request's time runs.
    package enum Clock: String, Hashable, Sendable, CaseIterable {
        /// From the intended time.
        case response = "response_time"
        /// From the sending.
        case service = "service_time"
    }

    package let measure: Measure
    /// A share of 1, nanoseconds, or a number of requests.
    package let limit: Double
    /// Nanoseconds.
    package let duration: UInt64
    /// As it was given, with single blanks.
    package let text: String
}

extension AbortCondition {
    /// For how long a condition may be asked to hold, in nanoseconds.
    package static let durations: ClosedRange<UInt64> = 100_000_000...86_400_000_000_000

    /// Reads `MEASURE > LIMIT for DURATION`.
    ///
    /// Measures are `errors`, `failures`, `4xx`, `5xx` or one status, with a limit such as `5%`; `p50` to `p99.9`, `max` and
    /// `mean` of the response time, or of the time that is named before them (`service_time p99`), with one such as `2s`;
    /// `in_flight` with a number. `response_time` alone is its mean.
    package init(_ text: String) throws(UnreadableValue) {
        let words = Self.words(text)
        self.text = words.joined(separator: " ")
        func refusal(_ reason: String) -> UnreadableValue {
            UnreadableValue(text: text, kind: "condition", reason: reason)
        }
        guard let sign = words.firstIndex(of: ">"), sign > 0, words.count == sign + 4,
            words[sign + 2] == "for"
        else {
            throw refusal("give one like 'errors > 5% for 10s' or 'p99 > 2s for 10s'")
        }
        guard let measure = Measure(words[..<sign]) else {
            throw refusal(
                "'\(words[..<sign].joined(separator: " "))' is not measured; there are errors, failures, 4xx, 5xx or a"
                    + " status, p50 to p99.9, mean and max of response_time or service_time, and in_flight"
            )
        }
        guard let limit = measure.limit(words[sign + 1]) else {
            throw refusal("'\(words[sign + 1])' is no limit for it; \(measure.exampleOfLimit)")
        }
        let duration = TraceMoment.offset(Substring(words[sign + 3])).flatMap { UInt64(exactly: $0) }
        guard let duration, Self.durations.contains(duration) else {
            throw refusal(
                "'\(words[sign + 3])' is no time for it to hold; give one from 100ms to 1d, such as 10s"
            )
        }
        self.measure = measure
        self.limit = limit
        self.duration = duration
    }

    private static func words(_ text: String) -> [String] {
        var words: [String] = [""]
        for character in text {
            if character == ">" {
                words += [">", ""]
            } else if character.isWhitespace {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words.filter { !$0.isEmpty }
    }
}

extension AbortCondition.Measure {
    fileprivate init?(_ words: ArraySlice<String>) {
        guard let first = words.first else { return nil }
        if words.count == 1, let plain = Self(plain: first) {
            self = plain
            return
        }
        let clock = AbortCondition.Clock(rawValue: first)
        if words.count == 1, let clock {
            self = .mean(clock)
            return
        }
        guard words.count == (clock == nil ? 1 : 2), let figure = words.last else { return nil }
        switch figure {
        case "mean": self = .mean(clock ?? .response)
        case "max": self = .percentile(100, clock ?? .response)
        default:
            guard figure.hasPrefix("p"), let percent = Self.percentile(figure.dropFirst()) else { return nil }
            self = .percentile(percent, clock ?? .response)
        }
    }

    private init?(plain word: String) {
        switch word {
        case "errors": self = .errors
        case "failures": self = .failures
        case "in_flight": self = .inFlight
        default:
            let digits = word.hasSuffix("xx") ? word.dropLast(2) : Substring(word)
            guard let number = UInt16(digits) else { return nil }
            if digits.count == word.count {
                guard (100...999).contains(number) else { return nil }
                self = .statuses(number...number)
            } else {
                guard (1...9).contains(number) else { return nil }
                self = .statuses(number * 100...number * 100 + 99)
            }
        }
    }

    /// `99` and `99.9` as they are, `999` as 99.9.
    private static func percentile(_ digits: Substring) -> Double? {
        guard let value = Double(plainDecimal: digits) else { return nil }
        let percent =
            digits.count > 2 && digits.hasPrefix("9") && !digits.contains(".")
            ? Double(plainDecimal: digits.prefix(2) + "." + digits.dropFirst(2)) ?? value : value
        return percent > 0 && percent <= 100 ? percent : nil
    }

    fileprivate func limit(_ word: String) -> Double? {
        switch self {
        case .errors, .failures, .statuses:
            let isPercent = word.hasSuffix("%")
            guard let value = Double(plainDecimal: isPercent ? word.dropLast() : Substring(word)) else {
                return nil
            }
            let share = isPercent ? value / 100 : value
            return share < 1 ? share : nil
        case .percentile, .mean: return TraceMoment.offset(Substring(word)).map { Double($0) }
        case .inFlight: return UInt64(word).map { Double($0) }
        }
    }

    fileprivate var exampleOfLimit: String {
        switch self {
        case .errors, .failures, .statuses: "give a share below 100%, such as 5%"
        case .percentile, .mean: "give a time such as 2s or 250ms"
        case .inFlight: "give a number of requests such as 5000"
        }
    }
}
