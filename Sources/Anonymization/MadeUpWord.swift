import Bytes

/// The letters of made-up names, by script: consonants and vowels in turn, without `e`, so that hardly a real word consists of
/// them alone, and the few names that do are left out.
///
/// A letter has as many bytes as the one that it stands for.
enum MadeUpWord {
    static let consonants: StaticString = "bdfklmnprstvz"
    static let vowels: StaticString = "aiou"

    /// How often a word is drawn again that is a name.
    static let mostDraws = 8

    /// Whether every word could be a made-up one.
    static func couldMake(_ text: Span<UInt8>) -> Bool {
        var index = 0
        var position = 0
        var number = Lexicon.emptyNumber
        while index < text.count {
            guard let letter = text.letter(at: index) else {
                if isName(number) { return false }
                (position, number) = (0, Lexicon.emptyNumber)
                index &+= 1
                continue
            }
            guard couldStand(letter, text.extracting(index..<index &+ letter.length), at: position) else {
                return false
            }
            number = Lexicon.number(number, with: letter)
            position &+= 1
            index &+= letter.length
        }
        return !isName(number)
    }

    /// Whether the word with this ``Lexicon`` number is a real name.
    static func isName(_ number: UInt64) -> Bool {
        number != Lexicon.emptyNumber && !Lexicon.shared.roles(of: number).isDisjoint(with: .anyName)
    }

    private static func couldStand(_ letter: Letter, _ bytes: Span<UInt8>, at position: Int) -> Bool {
        switch letter.script {
        // Letters with marks stand for such in any place.
        case .latin where letter.length > 1: true
        case .latin: contains(position & 1 == 0 ? consonants : vowels, UInt8(truncatingIfNeeded: letter.base))
        case .cyrillic, .greek, .hebrew, .arabic, .kana, .han, .hangul:
            ScriptLetters(letter, bytes).contains(letter, at: position)
        case .devanagari, .other: true
        }
    }

    private static func contains(_ letters: StaticString, _ byte: UInt8) -> Bool {
        for index in 0..<letters.utf8CodeUnitCount where letters.utf8Start[index] == byte { return true }
        return false
    }
}

/// The letters beyond ASCII that made-up names of one script consist of.
struct ScriptLetters {
    private let even: StaticString
    private let odd: StaticString
    private let length: Int

    /// Those for a letter whose bytes are `bytes`.
    init(_ letter: Letter, _ bytes: Span<UInt8>) {
        length = letter.length
        switch letter.script {
        case .cyrillic: (even, odd) = ("бвгдзклмнпрст", "аиоу")
        case .greek: (even, odd) = ("βγδζκλμνπρτφ", "αιου")
        case .hebrew: (even, odd) = ("בגדזטכלמנסקרשת", "בגדזטכלמנסקרשת")
        case .arabic: (even, odd) = ("بتثجخدذرزسشصطفقكلن", "اوي")
        case .hangul: (even, odd) = (Self.hangul, Self.hangul)
        case .kana:
            let isKatakana = bytes[1] > 0x82 || bytes[1] == 0x82 && bytes[2] >= 0xA0
            (even, odd) = isKatakana ? (Self.katakana, Self.katakana) : (Self.hiragana, Self.hiragana)
        default: (even, odd) = (Self.han, Self.han)
        }
    }

    private static let hangul: StaticString = "가고구기나노누니다도두디라로루리마모무미바보부비사소수시자조주지카코쿠키타토투티파포푸피"
    private static let hiragana: StaticString = "かきくこさすそたつとなにぬのはひふほまむもらりるろ"
    private static let katakana: StaticString = "カキクコサスソタツトナニヌノハヒフホマムモラリルロ"
    /// Plants, animals and things of the landscape that are rare in names.
    private static let han: StaticString = """
        梧桐柚榆槐桂柳楓椿榊樺橡榎梓栂桧柊茜蓬葵蕨菫萱荻薄葦菖蒲芹茄蓮藍蘇芥蔓苔藻穂麓峠崖岬磯渚潟淵瀬滝沼泉畔堤畑畦\
        峰岳嶺渓谷霧霞霰雹雫露虹曙暁宵朧鷹鷲鶴鴨鴎雁鳩鷺雀燕鶯梟鯉鮎鮭鯨鱒鰹蛍蝉蝶鹿狼狐狸兎熊亀蟹琴笛鼓扇簾燭炉釜臼杵\
        舵櫂錨帆艇轍鞍鐙弓箭盾鎧兜剣槌鋤鍬梯垣礎甍廊厩窯壺瓶盃硯墨紙絹紬絣綾
        """

    /// How many letters may stand in a place.
    private func letters(at position: Int) -> (letters: StaticString, count: Int) {
        let letters = position & 1 == 0 ? even : odd
        return (letters, letters.utf8CodeUnitCount / length)
    }

    /// The bytes of the letter for a place that the stream draws.
    func draw(at position: Int, _ stream: inout KeyedStream) -> Range<Int> {
        let (_, count) = letters(at: position)
        let start = Int(stream.below(UInt64(count))) &* length
        return start..<start &+ length
    }

    /// Appends the letter, a capital where the one that it stands for is.
    func append(at position: Int, _ isCapital: Bool, _ stream: inout KeyedStream, to output: inout [UInt8]) {
        let place = draw(at: position, &stream)
        let letters = letters(at: position).letters
        guard isCapital, length == 2 else {
            for index in place { output.append(letters.utf8Start[index]) }
            return
        }
        let point =
            UInt32(letters.utf8Start[place.lowerBound] & 0x1F) << 6
            | UInt32(letters.utf8Start[place.lowerBound &+ 1] & 0x3F)
        let capital = point &- 0x20
        output.append(UInt8(truncatingIfNeeded: 0xC0 | capital >> 6))
        output.append(UInt8(truncatingIfNeeded: 0x80 | capital & 0x3F))
    }

    func contains(_ letter: Letter, at position: Int) -> Bool {
        let (letters, count) = letters(at: position)
        return letters.withUTF8Buffer { buffer in
            for index in 0..<count {
                if buffer.span.letter(at: index &* length)?.base == letter.base { return true }
            }
            return false
        }
    }
}
