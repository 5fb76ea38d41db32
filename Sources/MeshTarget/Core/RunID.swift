import Crypto
import SeededRandom

/// The name of a run: 24 letters that are a function of the seed and the delivery.
///
/// What tells deliveries apart is the sender's delivery id, because it survives anonymization: a replay of
/// anonymized traffic then makes runs of the same names, and recorded requests for a run still find it. Only a
/// delivery without an id is told apart by its body. The letters are consonants, so that no detector of
/// numbers or words takes a run id for personal data.
package struct RunID: Sendable, Hashable {
    package let text: String

    package init(text: String) {
        self.text = text
    }

    /// - Parameters:
    ///   - delivery: the sender's delivery id.
    ///   - body: what stands for the id where there is none.
    ///   - occurrence: how many deliveries of the same identity came to the hook before.
    package init(seed: UInt64, slug: String, delivery: String?, body: [UInt8], occurrence: UInt32) {
        var hash = SHA256()
        hash.update(seed)
        hash.update(data: Array(slug.utf8))
        // No slug and no header value holds a NUL, so the parts cannot run into each other.
        if let delivery {
            hash.update(data: [0, 1] + Array(delivery.utf8) + [0])
        } else {
            hash.update(data: [0, 2])
            hash.update(data: body)
        }
        hash.update(UInt64(occurrence))
        text = String(decoding: hash.finalize().prefix(Self.length).map(Self.letter), as: UTF8.self)
    }

    /// A number below `bound` that is a function of the id.
    package func number(below bound: Int) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        var generator = SeededGenerator(seed: hash)
        return generator.below(bound)
    }

    static let length = 24
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz".utf8)

    private static func letter(_ byte: UInt8) -> UInt8 {
        alphabet[Int(byte) % alphabet.count]
    }
}

extension SHA256 {
    /// Takes in a number, its lowest byte first.
    fileprivate mutating func update(_ number: UInt64) {
        update(data: (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
    }
}
