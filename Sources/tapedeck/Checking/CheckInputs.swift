import Checks
import Configuration
import Glibc
import TraceFiles
import Traces

/// What a check reads besides traces: rules, noise and a baseline.
enum CheckInputs {
    static func rules(_ path: String?) throws -> CheckRules {
        guard let path else { return .default }
        do {
            return try CheckRulesFile.load(path: path)
        } catch {
            throw CommandFailure(error.description)
        }
    }

    private static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The noise in the file that is named, or that lies beside the trace.
    static func noise(_ named: String?, of trace: String, quiet: Bool) throws -> NoiseModel? {
        let path = named ?? NoisePath.beside(trace)
        guard named != nil || access(path, F_OK) == 0 else { return nil }
        let model: NoiseModel
        do {
            model = try NoiseFile.load(path: path)
        } catch {
            throw CommandFailure(error.description)
        }
        guard !quiet else { return model }
        if named == nil { StandardError.print("tapedeck: with the noise in \(path)") }
        // A pipe is read once.
        if isRegular(trace), !model.trace.isEmpty {
            let id = try TraceOpening.open(trace).header.traceID.description
            if id != model.trace.lowercased() {
                StandardError.print(
                    "tapedeck: warning: \(path) was learned from another recording than \(trace); what it lets pass may "
                        + "not be what varies here; 'tapedeck learn-noise' learns anew"
                )
            }
        }
        return model
    }
}
