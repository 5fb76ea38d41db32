import Bytes

/// What the detectors know of single words: names, the words of street addresses, and the words that tell what a number or
/// a name behind them is.
///
/// Words are looked up by a 64-bit number of their letters without case and marks. That two share one is left out of
/// account: of 8,000 words and as many texts as one likes, one lookup in 10^15 finds what is not there.
struct Lexicon: Sendable {
    struct Roles: OptionSet, Sendable, BitwiseCopyable {
        let rawValue: UInt32

        /// A given name that is hardly a word.
        static let given = Roles(rawValue: 1)
        /// A surname that is hardly a word.
        static let surname = Roles(rawValue: 1 << 1)
        /// A name that is a word, a place or a brand as well.
        static let ambiguousName = Roles(rawValue: 1 << 2)
        /// What stands small inside a name or the name of a street: `van`, `de`.
        static let particle = Roles(rawValue: 1 << 3)
        /// A word that may begin with a capital and is no part of a name.
        static let common = Roles(rawValue: 1 << 4)
        /// A form of address, behind which a name stands: `Mrs`.
        static let title = Roles(rawValue: 1 << 5)
        /// A greeting or the end of a letter, behind which a name stands.
        static let greeting = Roles(rawValue: 1 << 6)
        /// What says who somebody is, behind which a full name stands: `customer`, `I'm`.
        static let nameLabel = Roles(rawValue: 1 << 7)
        /// `is`, which is a label behind a ``subject``.
        static let copula = Roles(rawValue: 1 << 8)
        static let subject = Roles(rawValue: 1 << 9)

        /// What people do or is done to them: `called`, `met`; behind one, or behind one and a ``preposition``, a name stands.
        static let personVerb = Roles(rawValue: 1 << 24)
        static let preposition = Roles(rawValue: 1 << 25)

        /// A kind of street that stands before its name: `rue`.
        static let streetPrefix = Roles(rawValue: 1 << 10)
        /// The same where the word is common otherwise: a house number has to follow.
        static let weakStreetPrefix = Roles(rawValue: 1 << 11)
        /// A kind of street that stands behind its name: `Road`.
        static let streetSuffix = Roles(rawValue: 1 << 12)
        /// The same where the word is common otherwise: the house number has three digits, or a unit follows.
        static let weakStreetSuffix = Roles(rawValue: 1 << 13)
        /// A part of a house: `Apt`.
        static let unit = Roles(rawValue: 1 << 14)

        /// Says that a number is one of these.
        static let phone = Roles(rawValue: 1 << 16)
        static let nationalNumber = Roles(rawValue: 1 << 17)
        static let birth = Roles(rawValue: 1 << 18)
        static let bank = Roles(rawValue: 1 << 19)
        static let card = Roles(rawValue: 1 << 20)
        static let coordinate = Roles(rawValue: 1 << 21)
        /// Says that a number counts or names a thing: `order`.
        static let reference = Roles(rawValue: 1 << 22)
        /// As the name of a field: somebody who is called or written to.
        static let party = Roles(rawValue: 1 << 23)

        static let anyName: Roles = [.given, .surname, .ambiguousName]
        static let cues: Roles = [
            .phone, .nationalNumber, .birth, .bank, .card, .coordinate, .reference, .party,
        ]
    }

    /// The number of an empty word.
    static let emptyNumber: UInt64 = 0xCBF2_9CE4_8422_2325

    static let shared = Lexicon()

    private var tags: [UInt32]
    private var roles: [Roles]

    private init() {
        let lists = Self.lists
        // At least half of the places are empty, so that a look ends after few steps.
        let letters = lists.reduce(0) { $0 + $1.words.utf8CodeUnitCount }
        let places = 1 << (Int.bitWidth - (letters / 4).leadingZeroBitCount)
        tags = Array(repeating: 0, count: places)
        roles = Array(repeating: [], count: places)
        for list in lists { add(list.words, as: list.roles) }
    }

    private mutating func add(_ words: StaticString, as roles: Roles) {
        words.withUTF8Buffer { buffer in
            let text = buffer.span
            var index = 0
            var number = Self.emptyNumber
            while index < text.count {
                if let letter = text.letter(at: index) {
                    number = Self.number(number, with: letter)
                    index += letter.length
                } else {
                    if number != Self.emptyNumber { add(number, as: roles) }
                    number = Self.emptyNumber
                    index += 1
                }
            }
            if number != Self.emptyNumber { add(number, as: roles) }
        }
    }

    private mutating func add(_ number: UInt64, as added: Roles) {
        let place = place(of: number)
        tags[place] = Self.tag(of: number)
        roles[place].formUnion(added)
    }

    /// The number of a word that has one more letter.
    static func number(_ number: UInt64, with letter: Letter) -> UInt64 {
        (number ^ UInt64(letter.base)) &* 0x0000_0100_0000_01B3
    }

    /// What is known of the word with this number.
    @inline(__always)
    func roles(of number: UInt64) -> Roles { roles[place(of: number)] }

    private func place(of number: UInt64) -> Int {
        let mask = tags.count &- 1
        let tag = Self.tag(of: number)
        var place = Int(truncatingIfNeeded: number ^ number >> 32) & mask
        while tags[place] != tag, tags[place] != 0 { place = (place &+ 1) & mask }
        return place
    }

    /// Never 0, which marks an empty place.
    private static func tag(of number: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: number >> 24) | 1 }
}
