import Glibc

/// A question to whoever sits at the terminal.
enum Question {
    /// Whether there is somebody who can answer.
    static var canBeAsked: Bool { isatty(STDIN_FILENO) == 1 && StandardError.isTerminal }

    /// Asks for a yes; anything else is a no.
    static func isAffirmed(_ text: String) -> Bool {
        StandardOutput.flush()
        StandardError.write(Array("\(text) [y/N] ".utf8))
        let answer = readLine()?.lowercased()
        return answer == "y" || answer == "yes"
    }
}
