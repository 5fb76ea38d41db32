import Glibc
import Messages
import Routes
import TraceFiles
import Traces

/// Looks through a recording for what its routes are.
enum TraceRoutes {
    /// Blocks that are looked at, spread over the whole trace; of one without an index the first ones.
    private static let sampledBlocks = 48

    /// Where parameters stand in the paths of a trace; none of what can be read only once.
    ///
    /// What cannot be read is passed over: it is told where the trace is read in earnest.
    static func parameters(of path: String) -> PathParameters {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let reader = try? TraceReader(path: path)
        else { return PathParameters() }
        var survey = RouteSurvey()
        try? look(through: reader) { survey.note($0) }
        return survey.parameters
    }

    /// The same of several traces of one service.
    static func parameters(of paths: [String]) -> PathParameters {
        paths.reduce(PathParameters()) { $0.joined(with: parameters(of: $1)) }
    }

    private static func look(
        through reader: TraceReader,
        _ body: (RecordedMessage) -> Void
    ) throws(TraceReadError) {
        var assembler = SessionAssembler()
        func readBlock() throws(TraceReadError) {
            while let record = try reader.nextRecordInBlock(.withoutRequestBodies) {
                assembler.receive(record, body)
            }
        }
        if let index = reader.index, index.isComplete, index.blocks.count > sampledBlocks {
            for number in 0..<sampledBlocks {
                let block = index.blocks[number * index.blocks.count / sampledBlocks]
                if try reader.read(blockAt: block.offset, sequence: block.sequence) { try readBlock() }
            }
        } else {
            var read = 0
            while read < sampledBlocks, try reader.nextBlock() {
                try readBlock()
                read += 1
            }
        }
        assembler.finish(body)
    }
}
