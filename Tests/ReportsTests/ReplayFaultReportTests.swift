import JSON
import Replay
import Reports
import Testing

@Suite struct ReplayFaultReportTests {
    private var summary: ReplaySummary {
        var summary = ReplaySummary()
        var slow = FaultSummary.Counts()
        slow.injected = 30
        slow.responded = 29
        slow.cut = 1
        var halfOpen = FaultSummary.Counts()
        halfOpen.injected = 5
        halfOpen.cut = 5
        summary.faults.kinds = [.slowReader: slow, .halfOpen: halfOpen]
        summary.faults.statuses = [200: 29]
        return summary
    }

    @Test func oneLineSaysWhatTheClientsDid() {
        let text = ReplayReport(summary).text()
        #expect(text.contains("faults        30 read slowly (29 answered), 5 half-open (0 answered)\n"))
        #expect(!ReplayReport(ReplaySummary()).text().contains("faults"))
    }

    @Test func theJSONIsTheContract() throws {
        let text = String(decoding: ReplayReport(summary).json(), as: UTF8.self)
        let members = [
            #""faults":{"slow_reader":{"injected":30,"responded":29,"cut":1},"#,
            #""half_open":{"injected":5,"responded":0,"cut":5},"#,
            #""aborted_body":{"injected":0,"responded":0,"cut":0},"statuses":{"200":29},"service_time_us":{"#,
        ]
        #expect(text.contains(members.joined()))
        _ = try JSONValue(parsing: Array(text.utf8).span)
    }
}
