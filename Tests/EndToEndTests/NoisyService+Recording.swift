import Foundation
import Testing

extension NoisyService {
    /// A recording of `count` requests to it, two milliseconds apart and in turn over `connections`; answers its path.
    func record(_ count: Int, connections: Int = 1, in scratch: Scratch) throws -> String {
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000 * 1_000_000_000
        var lanes = (0..<connections).map { builder.open(port: UInt16(21_000 + $0), at: start) }
        for number in 0..<count {
            let text = Self.request(number)
            let parts = text.components(separatedBy: "\r\n\r\n")
            let line = parts[0].components(separatedBy: " ")
            let request = ReceivedRequest(method: line[0], target: line[1], headers: [:], body: parts[1])
            let time = start + Int64(number + 1) * 2_000_000
            let lane = number % connections
            builder.send(&lanes[lane], fromClient: true, text, at: time)
            builder.send(&lanes[lane], fromClient: false, answer(request), at: time + 500_000)
        }
        let capture = scratch.path("noisy.pcap")
        let trace = scratch.path("noisy.trace.gz")
        try builder.file().write(to: URL(fileURLWithPath: capture))
        let run = try Program.run(["record", "-r", capture, "-w", trace, "--no-anonymize", "--quiet"])
        #expect(run.status == 0, "\(run.errors)")
        return trace
    }
}
