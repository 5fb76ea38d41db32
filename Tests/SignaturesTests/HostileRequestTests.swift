import FuzzTargets
import SeededRandom
import Testing

/// The properties of the fuzzer's target, for the examples and for what is bent of them.
@Suite struct HostileRequestTests {
    @Test(arguments: SignedRequestRow.examples)
    func examplesAndWhatIsBentOfThem(row: SignedRequestRow) {
        let lines = [row.line, "Host: a.example"] + row.fields + ["", ""]
        let bytes = Array(lines.joined(separator: "\r\n").utf8) + Array(row.body.utf8)
        FuzzTarget.signatures.run(bytes.span)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<40 {
            var bent = bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: bent.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bent[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bent.remove(at: index)
                case 2: bent.insert(bent[Int.random(in: bent.indices, using: &generator)], at: index)
                default:
                    let other = Int.random(in: bent.indices, using: &generator)
                    bent.swapAt(index, other)
                }
            }
            FuzzTarget.signatures.run(bent.span)
        }
    }
}
