import MeshTarget
import Testing

/// What a recorder and a replayer do to a plan, done to the core: the answers stay comparable.
@Suite struct ReplayedPlanTests {
    struct Course {
        /// How many times as fast as planned.
        var speed: Int64 = 1
        /// Whether bodies and tokens are others, as after anonymization.
        var isAnonymized = false
    }

    static let plan = MeshTraffic.plan(seed: 5)
    static let recorded = answers(Course())

    /// Sends the plan; returns what was answered to each request, without its times.
    static func answers(_ course: Course) -> [String] {
        var desk = Desk(seed: 5, authentication: course.isAnonymized ? .project : .tokens)
        let start = desk.now
        var runs: [Int: String] = [:]
        var answers: [String] = []
        var streams: [MeshStreamID: Int] = [:]
        func collect(_ desk: inout Desk, _ stream: MeshStreamID, _ place: Int) {
            var bytes: [UInt8] = []
            while desk.state.pull(stream, into: &bytes, at: desk.now) == .more {}
            answers[place] += String(decoding: bytes, as: UTF8.self)
        }
        for planned in plan.requests {
            desk.now = start.advanced(by: planned.time / course.speed)
            desk.state.advance(to: desk.now)
            for stream in desk.state.takeReadyStreams() { collect(&desk, stream, streams[stream] ?? 0) }
            var request = request(planned, runs: runs)
            if course.isAnonymized { anonymize(&request, planned, desk) }
            switch desk.state.answer(request, at: desk.now) {
            case .reply(let reply):
                runs[planned.number] = reply.field("X-Run-Id")
                answers.append("\(planned.method) \(reply.status) \(reply.text)")
            case .stream(let stream):
                streams[stream] = answers.count
                answers.append("stream ")
                collect(&desk, stream, answers.count - 1)
            }
        }
        while let deadline = desk.state.deadline {
            desk.now = deadline
            desk.state.advance(to: deadline)
            for stream in desk.state.takeReadyStreams() { collect(&desk, stream, streams[stream] ?? 0) }
        }
        return answers.map(withoutTimes)
    }

    static func request(_ planned: PlannedRequest, runs: [Int: String]) -> MeshRequest {
        let target =
            switch planned.target {
            case .path(let path): path
            case .run(let number, let suffix): "/api/runs/\(runs[number] ?? "none")\(suffix)"
            }
        return MeshRequest(method: planned.method, target: target, body: Array(planned.body.joined())) {
            name in
            planned.fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// Another body, signed again where the first was rightly signed; another token.
    static func anonymize(_ request: inout MeshRequest, _ planned: PlannedRequest, _ desk: Desk) {
        if request.authorization != nil { request.authorization = "Bearer placeholder" }
        guard planned.method == "POST" else { return }
        request.body.append(0x20)
        guard planned.expectedStatus != 401 else { return }
        let slug = request.target.dropFirst("/api/hooks/".count).prefix { $0 != "?" }
        desk.sign(&request, String(decoding: request.body, as: UTF8.self), String(slug))
    }

    /// Times are the one thing that may differ.
    static func withoutTimes(_ text: String) -> String {
        var parts = text.split(separator: #"_at":"2025-"#, omittingEmptySubsequences: false)
        for index in parts.indices.dropFirst() { parts[index] = parts[index].drop { $0 != "\"" } }
        return parts.joined(separator: #"_at":"#)
            .split(separator: #"commit_timestamp":"2025-"#, omittingEmptySubsequences: false)
            .enumerated().map { $0 == 0 ? $1 : $1.drop { $0 != "\"" } }.joined(separator: "commit_timestamp")
    }

    @Test func theStatusesAreThePlanned() {
        let statuses = Self.recorded.map { $0.split(separator: " ")[1] }
        let expected = Self.plan.requests.map { request in
            if case .run(_, "/logs/stream") = request.target { "event:" } else { "\(request.expectedStatus)" }
        }
        #expect(zip(statuses, expected).filter { !$0.hasPrefix($1) }.isEmpty)
    }

    static let courses = [
        Course(speed: 1, isAnonymized: true), Course(speed: 10, isAnonymized: false),
        Course(speed: 10, isAnonymized: true),
    ]

    @Test(arguments: courses.indices) func answersDifferOnlyInTimes(index: Int) {
        let observed = Self.answers(Self.courses[index])
        let differences = zip(Self.recorded, observed).filter { $0 != $1 }
        #expect(Self.recorded.count == observed.count)
        #expect(differences.count == 0, "\(differences.first.map { "\($0)" } ?? "")")
    }

    /// The comparison above sees more than it would if answers were cut to nothing.
    @Test func aTooFastReplayIsNoticed() {
        #expect(Self.recorded != Self.answers(Course(speed: 1000)))
    }
}
