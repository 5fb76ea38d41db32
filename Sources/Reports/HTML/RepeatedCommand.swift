import Checks

/// The command line of a run, as it is to be typed to do it again.
package enum RepeatedCommand {
    /// `arguments` are those of the process, its own name first. Values that are named like credentials are left out,
    /// should anybody have given one: a value of `header:authorization=`, of `--set token=`, or before an `@` of a URL.
    package static func line(_ arguments: [String]) -> String {
        (["tapedeck"] + arguments.dropFirst().map { CurlLine.quoted(withoutSecrets($0)) }).joined(
            separator: " "
        )
    }

    private static func withoutSecrets(_ argument: String) -> String {
        argument.split(separator: " ", omittingEmptySubsequences: false)
            .map { withoutUser(withoutValue(String($0))) }
            .joined(separator: " ")
    }

    private static let hidden = "(left out)"

    /// A word `NAME=VALUE` without its value where that is a secret itself, and not where one is to be found.
    private static func withoutValue(_ word: String) -> String {
        guard let sign = word.firstIndex(where: { $0 == "=" || $0 == "~" }) else { return word }
        let value = word[word.index(after: sign)...]
        guard CredentialName.matches(String(word[..<sign])), !value.isEmpty, !value.hasPrefix("env:"),
            !value.hasPrefix("file:")
        else { return word }
        return word[...sign] + hidden
    }

    /// A URL without the user that it names.
    private static func withoutUser(_ word: String) -> String {
        guard let scheme = word.firstRange(of: "://") else { return word }
        let rest = word[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return word }
        return word[..<scheme.upperBound] + hidden + rest[at...]
    }
}
