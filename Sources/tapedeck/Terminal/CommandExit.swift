import ArgumentParser
import Glibc

/// The exit codes of the contract.
enum CommandExit {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let unusable: Int32 = 2
    static let damaged: Int32 = 3
    static let interrupted: Int32 = 130

    /// Ends the process after standard output is flushed.
    static func leave(_ code: Int32) -> Never {
        StandardOutput.flush()
        exit(code)
    }
}

/// An end with a sentence for the user: what happened, where, and what to do.
struct CommandFailure: Error {
    var message: String
    var code: Int32

    init(_ message: String, code: Int32 = CommandExit.unusable) {
        self.message = message
        self.code = code
    }

    /// What is told of an error, whatever it is.
    static func message(of error: any Error) -> String {
        (error as? CommandFailure)?.message ?? "\(error)"
    }
}
