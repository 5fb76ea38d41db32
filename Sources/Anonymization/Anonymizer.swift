import Bytes
import Messages
package import Packets

/// Replaces personal data and secrets in messages, in place, by the rules it was made with.
///
/// The bytes of a value are exchanged and the rest of a message stays as it was: order, spelling, white space. What
/// cannot be looked into is replaced whole. One anonymizer serves one thread; several with the same key and rules
/// make the same pseudonyms. Nothing is allocated for a message in which nothing is replaced, but for
/// values that are written with escapes. What was found out about names and values that come again is remembered in
/// tables of fixed size, about 3.5 MB in all, which change how long something takes and never what comes of it.
package struct Anonymizer: ~Copyable {
    /// How large a body may be after its content coding is undone; one that is larger is replaced whole.
    package static let maximumDecodedBody = 64 << 20
    /// What takes versions for something else.
    static let notInProducts: DetectorSet = [
        .ip, .phone, .card, .nationalID, .coordinates, .name, .address,
    ]
    /// How deep texts in values of texts are looked into, such as JSON in strings of JSON, URLs in parameters of URLs
    /// and either in base64; what lies deeper is looked at by the detectors alone.
    static let maximumNesting = 6

    let catalog: RuleCatalog
    /// What rules ask of an exchange.
    package internal(set) var tests = RuleTests()
    /// The rules that apply to the message at hand.
    var rules: CompiledRules
    var text: TextScanner
    /// For values such as User-Agent, in which dotted numbers are versions.
    var productText: TextScanner
    /// The rules by scope, as far as messages have asked for them.
    var variants: [RuleVariant] = []
    /// The scope of each of ``variants``.
    var variantScopes: [RuleScope] = []
    /// The scope of ``rules``.
    var scope = RuleScope.unknown
    /// Goes into what is remembered by name, and is another one for each variant of the rules.
    var variantSalt: UInt64 = 0
    var variantCount: UInt64 = 0
    /// The rule for the value whose parts are being replaced; 0 where there is none.
    var openRule: UInt16 = 0
    /// What was found of each subject of ``catalog`` in the message at hand.
    var subjects: [ShiftedSubject] = []
    var pseudonymizer: Pseudonymizer
    /// What has been done so far.
    package var audit = Audit()
    /// The findings of an inspection; `nil` while values are replaced.
    var findings: [AuditFinding]?
    /// What an inspection took for pseudonyms; `nil` where nobody asks for them.
    var pseudonyms: [FoundPseudonym]?
    /// Whether an inspection reports runs of characters that look drawn by chance.
    var findsUnknownSecrets = false
    /// What would be replaced, counted instead of replaced; `nil` while values are replaced.
    package var tally: ChangeTally?
    /// Where the walk through a message is, for findings.
    var place = AuditPlace()
    /// What the name of the field says whose value is being looked at.
    var fieldContext: Lexicon.Roles = []
    /// The treatment and the name of each open object and array of a JSON text but for the innermost one.
    var levels: [JSONLevel] = []
    /// The innermost open object or array.
    var level = JSONLevel.around(.empty)
    /// How many texts are open, each in a value of the one before.
    var openTexts = 0
    /// Buffers that are used again.
    var spare: [UInt8] = []
    var decoded: [UInt8] = []
    var made: [UInt8] = []
    /// Heads of responses in which nothing was found, by all their bytes.
    var stayingHeads = TextMemory<ContentFields>(places: 256, longestText: 255)
    /// By the name and the place.
    var fieldUses = TextMemory<FieldUse>(places: 8192, longestText: 47)
    /// By the name.
    var headerUses = TextMemory<HeaderUse>(places: 256, longestText: 47)
    /// By Content-Type.
    var contentTypes = TextMemory<BodyForm>(places: 64, longestText: 95)
    /// Targets and values of headers in which nothing was found.
    var staying = TextMemory<RepeatedText>(places: 512, longestText: 160)

    /// Members of objects of JSON by those before them.
    var trail = MemberTrail()
    /// Values without a rule in which nothing was found, under the number of where they stood.
    var stayingValues = TextMemory<Bool>(places: 4096, longestText: 127)
    /// Where it is worth while to look for such values.
    var novelty = ValueNovelty()
    /// The number of the name of the field whose value is being looked at.
    var valuePlace: UInt64 = 0

    package init(rules: RuleSet, key: PseudonymKey) {
        self.init(ruleSets: [rules], key: key)
    }

    /// Where several rule sets name the same field, the last one counts.
    package init(ruleSets: [RuleSet], key: PseudonymKey) {
        catalog = RuleCatalog(ruleSets)
        rules = CompiledRules(catalog.sets)
        text = TextScanner(rules.detectors)
        productText = TextScanner(rules.detectors.subtracting(Self.notInProducts))
        pseudonymizer = Pseudonymizer(key: key)
        numberTests()
        subjects = catalog.subjects.map { ShiftedSubject($0) }
    }

    /// Replaces what the rules name in the head, the body and the trailers.
    ///
    /// Content-Length follows the body where the message has it. `scope` is that of the request of the exchange; without
    /// it, that of a request is read off its head, and of a response it is unknown.
    package mutating func anonymize(_ message: inout RawMessage, in scope: RuleScope? = nil) {
        enter(
            scope ?? (message.head.kind == .request ? tests.scope(of: message.head) : .unknown),
            message.head.kind
        )
        if rules.asksForSubjects { noteSubjects(in: message.head) }
        fieldContext = []
        let content = anonymizeHead(&message.head)
        let length = message.body.count
        fieldContext = []
        anonymizeBody(&message.body, content, of: message.head, isComplete: message.isBodyComplete)
        if message.body.count != length, let index = content.length {
            updateLength(ofField: index, in: &message.head, to: message.body.count)
        }
        if !message.trailers.isEmpty { anonymizeTrailers(&message.trailers) }
        noteCollisions()
    }

    /// Takes over what the pseudonymizer has counted, which is nearly always nothing: what is lent to another method is
    /// copied, tables and all.
    @inline(__always)
    private mutating func noteCollisions() {
        guard pseudonymizer.hasCollisions || pseudonymizer.addressCollisions != audit.addressCollisions else {
            return
        }
        audit.noteCollisions(of: pseudonymizer)
    }

    /// The pseudonym of the address of a client.
    package mutating func client(_ address: IPAddress) -> IPAddress {
        defer { noteCollisions() }
        return pseudonymizer.pseudonym(of: address)
    }

    mutating func updateLength(ofField index: Int, in head: inout Head, to length: Int) {
        guard !isInspecting else { return }
        // The digits of any length.
        var digits: [20 of UInt8] = .init(repeating: 0x30)
        var first = digits.count
        var rest = length
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            first &-= 1
            digits[first] = 0x30 &+ UInt8(truncatingIfNeeded: digit)
            rest = quotient
        } while rest > 0
        head.replaceValue(ofField: index, with: digits.span.extracting(first..<digits.count))
    }
}
