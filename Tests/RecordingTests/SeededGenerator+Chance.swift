import SeededRandom

extension SeededGenerator {
    /// True once in `count` times.
    mutating func one(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
