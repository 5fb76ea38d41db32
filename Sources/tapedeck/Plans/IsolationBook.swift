import Anonymization
import Bytes
import CurlTransport
import LoadPlans
import Messages
import Replay
import Reports
import Synchronization

/// Whose runs and planted values are whose, and who was shown them: kept over all stages, told by every thread that reads
/// answers.
final class IsolationBook: Sendable {
    let mint: CanaryMint
    private let tenants: [String]
    /// Whether something is planted, so that answers are worth looking through.
    let plants: Bool
    private let roster = Mutex<RunRoster>(RunRoster())
    private let tally = Mutex<CanaryTally>(CanaryTally())

    init(_ plan: LoadPlan, start: Int64) {
        mint = CanaryMint(seed: plan.seed, start: start)
        tenants = plan.tenants.map(\.name)
        plants = plan.probes.contains { $0.uses(.secret) || $0.uses(.data) }
    }

    // MARK: Runs

    func note(run: String, tenant: String, isPlanted: Bool = false) {
        roster.withLock { $0.note(run: run, tenant: tenant, isPlanted: isPlanted) }
    }

    /// Takes what a list of runs showed to a tenant; `owners` are those of the runs, as far as they are known.
    func show(_ runs: [RunSighting], owners: [String?], to tenant: String) {
        roster.withLock { roster in
            for (run, owner) in zip(runs, owners) {
                // Where an answer names no run, the list is what does.
                if let owner { roster.note(run: run.id, tenant: owner) }
                roster.show(run.id, to: tenant)
            }
        }
    }

    /// The first of the names that belongs to another tenant's run.
    func stranger(among names: [String], to tenant: String) -> String? {
        roster.withLock { roster in
            names.compactMap { roster.owner(of: $0) }.first { $0 != tenant }
        }
    }

    func next(_ course: inout ProbeCourse) -> ProbeCourse.Question? {
        roster.withLock { course.next($0) }
    }

    /// How many runs of each tenant the lists of others showed since the last time.
    func takeCrossed() -> [String: Int] { roster.withLock { $0.takeCrossed() } }

    // MARK: Planted values

    func plant(_ count: Int) { tally.withLock { $0.plant(count) } }

    /// Looks through what somebody was shown, in whatever codings it is; a reader who is not known is `nil`, nobody is empty.
    func search(_ bytes: Span<UInt8>, place: String, reader: String?) {
        guard plants else { return }
        var found = mint.sightings(in: bytes)
        if mint.mayBeCoded(in: bytes) {
            CanarySearch.forEachContent(of: bytes) { found.formUnion(mint.sightings(in: $0)) }
        }
        tally.withLock {
            $0.search(found, bytes: bytes.count, place: place, reader: reader, tenants: tenants)
        }
    }

    /// The same of the head and the body of an answer.
    func search(_ answer: CurlFetch.Answer, place: String, reader: String?) {
        search(answer.head.span, place: place, reader: reader)
        search(answer.body.span, place: place, reader: reader)
    }

    /// The same of what a replay was answered, and of the trailers.
    func search(_ response: ObservedResponse, place: String, reader: String?) {
        for part in [response.head, response.body, response.trailers] where !part.isEmpty {
            search(part.span, place: place, reader: reader)
        }
        if response.flags.contains(.truncated) { miss("what is behind the limit in answers to \(place)") }
    }

    func miss(_ place: String) { tally.withLock { $0.miss(place) } }

    /// The row of the acceptance table; none where nothing is planted.
    var rows: [AcceptanceRow] { plants ? [tally.withLock { $0.row }] : [] }

    /// How much was looked through, and what was found where, a sentence each; none where nothing is planted.
    var sentences: [String] {
        guard plants else { return [] }
        let tally = tally.withLock { $0 }
        let extent =
            "\(Quantity.count(tally.planted)) values were planted, and looked for in "
            + "\(Quantity.bytes(tally.searched)) of what was shown"
        return [extent] + tally.sentences
    }
}
