/// The rule sets in this folder, which are a part of the program.
package enum BuiltInRuleSets {
    /// A rule set by its name, and its file.
    package struct File: Sendable {
        package let name: String
        package let yaml: [UInt8]
    }

    /// Every file of the folder, in the order in which rule sets apply.
    package static let all: [File] = [
        File(name: "contact-data", yaml: PackageResources.contact_data_yaml),
        File(name: "names", yaml: PackageResources.names_yaml),
        File(name: "network-addresses", yaml: PackageResources.network_addresses_yaml),
        File(name: "national-ids", yaml: PackageResources.national_ids_yaml),
        File(name: "payment-cards", yaml: PackageResources.payment_cards_yaml),
        File(name: "credentials", yaml: PackageResources.credentials_yaml),
        File(name: "tokens", yaml: PackageResources.tokens_yaml),
        File(name: "health", yaml: PackageResources.health_yaml),
        File(name: "stripe", yaml: PackageResources.stripe_yaml),
        File(name: "github", yaml: PackageResources.github_yaml),
        File(name: "gitlab", yaml: PackageResources.gitlab_yaml),
        File(name: "slack", yaml: PackageResources.slack_yaml),
        File(name: "shopify", yaml: PackageResources.shopify_yaml),
        File(name: "twilio", yaml: PackageResources.twilio_yaml),
        File(name: "sendgrid", yaml: PackageResources.sendgrid_yaml),
        File(name: "discord", yaml: PackageResources.discord_yaml),
        File(name: "paddle", yaml: PackageResources.paddle_yaml),
        File(name: "svix", yaml: PackageResources.svix_yaml),
        File(name: "standard-webhooks", yaml: PackageResources.standard_webhooks_yaml),
        File(name: "meshhook", yaml: PackageResources.meshhook_yaml),
        File(name: "strict", yaml: PackageResources.strict_yaml),
    ]

    /// The names of those that apply unless the user names others: all but `strict`.
    package static var usual: [String] { all.map(\.name).filter { $0 != "strict" } }
}
