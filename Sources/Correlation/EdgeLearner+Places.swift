extension EdgeLearner {
    /// A place in the answers of one route.
    struct Source {
        var route: Int
        var spot: ValueSpot
        /// Values met.
        var values: UInt64 = 0
        /// Values that had not been met there before.
        var distinct: UInt64 = 0
        var strong: UInt64 = 0
        var medium: UInt64 = 0
        var timelike: UInt64 = 0

        /// Values of one place are of one kind: the few that look like words are not.
        func strength(of shape: ValueShape) -> ValueShape.Strength {
            if strong * 2 > values { return max(shape.strength, .strong) }
            if (strong + medium) * 2 > values, values > 1 { return max(shape.strength, .medium) }
            return shape.strength
        }

        /// Whether what stands there says when, not which.
        var isTimelike: Bool { timelike * 10 >= values * 9 && values > 0 }

        /// The share of values that were new, 0 to 1.
        var uniqueness: Double { values == 0 ? 0 : Double(distinct) / Double(values) }

        /// Whether the place has shown that it names nothing: few values again and again.
        var isWorthless: Bool { values >= 512 && strong + medium == 0 && distinct * 4 < values }
    }

    /// A place in the requests of one route.
    struct Sink {
        var route: Int
        var spot: ValueSpot
        /// Requests with a value there.
        var uses: UInt64 = 0
    }

    /// What was seen of a source and a sink together.
    struct Pair {
        var source: Int
        var sink: Int
        var held: UInt64 = 0
        /// Values that the sink had before the source.
        var contradicted: UInt64 = 0
        /// Different values among those that held.
        var values: UInt64 = 0
        var strong: UInt64 = 0
        var medium: UInt64 = 0
        var numbers: UInt64 = 0
    }

    /// Where a value has been met, in few bytes.
    struct Entry {
        struct Meeting {
            var place: UInt32 = 0
            /// The message, numbered in order.
            var message: UInt32 = 0
        }

        var digest: ValueDigest
        /// The message that had it first, if that was a request; 0 for none.
        var request: UInt32 = 0
        /// The last request that had it.
        var lastRequest: UInt32 = 0
        var sources: [6 of Meeting] = .init(repeating: Meeting())
        var sinks: [3 of Meeting] = .init(repeating: Meeting())
        var sourceCount = 0
        var sinkCount = 0

        init(_ digest: ValueDigest) {
            self.digest = digest
        }

        func has(source: UInt32) -> Bool {
            for index in 0..<sourceCount where sources[index].place == source { return true }
            return false
        }

        var isFull: Bool { sourceCount == sources.count }

        mutating func remove(source index: Int) {
            for place in index..<sourceCount - 1 { sources[place] = sources[place + 1] }
            sourceCount -= 1
        }

        mutating func add(source: UInt32, in message: UInt32) {
            guard !isFull else { return }
            sources[sourceCount] = Meeting(place: source, message: message)
            sourceCount += 1
        }

        mutating func add(sink: UInt32, in message: UInt32) {
            for index in 0..<sinkCount where sinks[index].place == sink { return }
            guard sinkCount < sinks.count else { return }
            sinks[sinkCount] = Meeting(place: sink, message: message)
            sinkCount += 1
        }

        /// When a sink had the value first, if it did before any answer.
        func firstUse(by sink: UInt32) -> UInt32? {
            for index in 0..<sinkCount where sinks[index].place == sink { return sinks[index].message }
            return nil
        }
    }
}
