extension WebhookScheme {
    /// The schemes of providers, one line of documentation each.
    static let providers: [WebhookScheme] =
        timed + standardWebhooks("standard-webhooks", "webhook") + standardWebhooks("svix", "svix")
        + overURL + overBody + inBody

    /// Senders that sign the time with the body.
    private static let timed: [WebhookScheme] = [
        WebhookScheme(
            "stripe",
            "Stripe-Signature: t=…,v1=…",
            SignatureForm(
                .hmacSHA256,
                signed: "{timestamp}.{body}",
                in: .header("Stripe-Signature"),
                value: .known("t={timestamp},v1={signature}", separator: ","),
                tolerance: 300
            )
        ),
        WebhookScheme(
            "slack",
            "X-Slack-Signature: v0=…",
            SignatureForm(
                .hmacSHA256,
                signed: "v0:{timestamp}:{body}",
                in: .header("X-Slack-Signature"),
                value: "v0={signature}",
                time: .header("X-Slack-Request-Timestamp"),
                tolerance: 300
            )
        ),
        WebhookScheme(
            "paddle",
            "Paddle-Signature: ts=…;h1=…",
            SignatureForm(
                .hmacSHA256,
                signed: "{timestamp}:{body}",
                in: .header("Paddle-Signature"),
                value: .known("ts={timestamp};h1={signature}", separator: ";"),
                tolerance: 5
            )
        ),
        WebhookScheme(
            "zoom",
            "x-zm-signature: v0=…",
            SignatureForm(
                .hmacSHA256,
                signed: "v0:{timestamp}:{body}",
                in: .header("x-zm-signature"),
                value: "v0={signature}",
                time: .header("x-zm-request-timestamp"),
                tolerance: 300
            )
        ),
        WebhookScheme(
            "linear",
            "Linear-Signature, the time in webhookTimestamp of the body",
            SignatureForm(
                .hmacSHA256,
                in: .header("Linear-Signature"),
                time: .inJSON("webhookTimestamp"),
                unit: .milliseconds,
                tolerance: 60,
                ids: [.header("Linear-Delivery")],
                marks: ["Linear-Event"]
            )
        ),
        WebhookScheme(
            "sendgrid",
            "ECDSA in X-Twilio-Email-Event-Webhook-Signature",
            SignatureForm(
                .ecdsaP256,
                signed: "{timestamp}{body}",
                .base64,
                in: .header("X-Twilio-Email-Event-Webhook-Signature"),
                time: .header("X-Twilio-Email-Event-Webhook-Timestamp")
            )
        ),
        WebhookScheme(
            "discord",
            "Ed25519 in X-Signature-Ed25519",
            SignatureForm(
                .ed25519,
                signed: "{timestamp}{body}",
                in: .header("X-Signature-Ed25519"),
                time: .header("X-Signature-Timestamp")
            )
        ),
        WebhookScheme(
            "calendly",
            "Calendly-Webhook-Signature: t=…,v1=…",
            SignatureForm(
                .hmacSHA256,
                signed: "{timestamp}.{body}",
                in: .header("Calendly-Webhook-Signature"),
                value: .known("t={timestamp},v1={signature}", separator: ","),
                tolerance: 180
            )
        ),
        WebhookScheme(
            "zendesk",
            "X-Zendesk-Webhook-Signature over time and body",
            SignatureForm(
                .hmacSHA256,
                signed: "{timestamp}{body}",
                .base64,
                in: .header("X-Zendesk-Webhook-Signature"),
                time: .header("X-Zendesk-Webhook-Signature-Timestamp"),
                ids: [.header("X-Zendesk-Webhook-Invocation-Id")]
            )
        ),
        WebhookScheme(
            "messagebird",
            "MessageBird-Signature over time, sorted query and digest of the body",
            SignatureForm(
                .hmacSHA256,
                signed: "{timestamp}\n{query-sorted}\n{body-sha256-raw}",
                .base64,
                in: .header("MessageBird-Signature"),
                time: .header("MessageBird-Request-Timestamp")
            )
        ),
    ]

    /// Standard Webhooks 1.0.0, "Signature scheme": the same under two names of fields, each with a shared secret or
    /// a pair of keys.
    private static func standardWebhooks(_ name: String, _ prefix: String) -> [WebhookScheme] {
        func form(_ algorithm: SignatureAlgorithm, _ version: String) -> SignatureForm {
            SignatureForm(
                algorithm,
                secret: .base64,
                signed: "{id}.{timestamp}.{body}",
                .base64,
                in: .header("\(prefix)-signature"),
                value: .known("\(version),{signature}", separator: " "),
                time: .header("\(prefix)-timestamp"),
                tolerance: 300,
                ids: [.header("\(prefix)-id")],
                recognition: .shape
            )
        }
        let family = "standard-webhooks"
        return [
            WebhookScheme(name, family: family, "\(prefix)-signature: v1,…", form(.hmacSHA256, "v1")),
            WebhookScheme(
                "\(name)-ed25519",
                family: family,
                "\(prefix)-signature: v1a,…, Ed25519",
                form(.ed25519, "v1a")
            ),
        ]
    }

    /// Senders that sign the URL to which they send.
    private static let overURL: [WebhookScheme] = [
        WebhookScheme(
            "twilio",
            "X-Twilio-Signature over the URL and the sorted form",
            SignatureForm(
                .hmacSHA1,
                signed: "{url}{form-pairs}",
                .base64,
                in: .header("X-Twilio-Signature"),
                ids: [.header("I-Twilio-Idempotency-Token")],
                digest: .query("bodySHA256")
            )
        ),
        WebhookScheme(
            "square",
            "x-square-hmacsha256-signature over URL and body",
            SignatureForm(
                .hmacSHA256,
                signed: "{url}{body}",
                .base64,
                in: .header("x-square-hmacsha256-signature")
            )
        ),
        WebhookScheme(
            "hubspot",
            "X-HubSpot-Signature-v3 over method, URL, body and time",
            SignatureForm(
                .hmacSHA256,
                signed: "{method}{url}{body}{timestamp}",
                .base64,
                in: .header("X-HubSpot-Signature-v3"),
                time: .header("X-HubSpot-Request-Timestamp"),
                unit: .milliseconds,
                tolerance: 300
            )
        ),
        WebhookScheme(
            "trello",
            "X-Trello-Webhook over body and URL",
            SignatureForm(.hmacSHA1, signed: "{body}{url}", .base64, in: .header("X-Trello-Webhook"))
        ),
        WebhookScheme(
            "shopify-app-proxy",
            "the parameter signature over the others",
            SignatureForm(
                .hmacSHA256,
                signed: "{query-pairs}",
                in: .query("signature"),
                time: .query("timestamp"),
                recognition: .company([.query("shop"), .query("path_prefix"), .query("timestamp")])
            )
        ),
    ]

    /// Senders that sign the body alone, or send a token.
    private static let overBody: [WebhookScheme] = [
        WebhookScheme(
            "gitlab",
            "the secret itself in X-Gitlab-Token",
            SignatureForm(
                .token,
                signed: "",
                in: .header("X-Gitlab-Token"),
                ids: [.header("X-Gitlab-Event-UUID"), .header("Idempotency-Key")],
                marks: ["X-Gitlab-Event"]
            )
        ),
        WebhookScheme(
            "telegram",
            "the secret itself in X-Telegram-Bot-Api-Secret-Token",
            SignatureForm(.token, signed: "", in: .header("X-Telegram-Bot-Api-Secret-Token"))
        ),
        WebhookScheme(
            "shopify",
            "HMAC-SHA256 of the body in X-Shopify-Hmac-Sha256",
            SignatureForm(
                .hmacSHA256,
                .base64,
                in: .header("X-Shopify-Hmac-Sha256"),
                ids: [.header("X-Shopify-Webhook-Id"), .header("X-Shopify-Event-Id")],
                marks: ["X-Shopify-Topic"]
            )
        ),
        WebhookScheme(
            "discourse",
            "HMAC-SHA256 of the body in X-Discourse-Event-Signature",
            SignatureForm(
                .hmacSHA256,
                in: .header("X-Discourse-Event-Signature"),
                value: "sha256={signature}",
                ids: [.header("X-Discourse-Event-Id")],
                marks: ["X-Discourse-Event"]
            )
        ),
        WebhookScheme(
            "typeform",
            "HMAC-SHA256 of the body in Typeform-Signature",
            SignatureForm(
                .hmacSHA256,
                .base64,
                in: .header("Typeform-Signature"),
                value: "sha256={signature}"
            )
        ),
        WebhookScheme(
            "notion",
            "HMAC-SHA256 of the body in X-Notion-Signature",
            SignatureForm(.hmacSHA256, in: .header("X-Notion-Signature"), value: "sha256={signature}")
        ),
        WebhookScheme(
            "pagerduty",
            "HMAC-SHA256 of the body in X-PagerDuty-Signature",
            SignatureForm(
                .hmacSHA256,
                in: .header("X-PagerDuty-Signature"),
                value: .known("v1={signature}", separator: ",")
            )
        ),
        WebhookScheme(
            "circleci",
            "HMAC-SHA256 of the body in circleci-signature",
            SignatureForm(
                .hmacSHA256,
                in: .header("circleci-signature"),
                value: .known("v1={signature}", separator: ",")
            )
        ),
        WebhookScheme(
            "woocommerce",
            "HMAC-SHA256 of the body in X-WC-Webhook-Signature",
            SignatureForm(
                .hmacSHA256,
                .base64,
                in: .header("X-WC-Webhook-Signature"),
                ids: [.header("X-WC-Webhook-Delivery-ID")],
                marks: ["X-WC-Webhook-Topic"]
            )
        ),
        WebhookScheme(
            "line",
            "HMAC-SHA256 of the body in X-Line-Signature",
            SignatureForm(.hmacSHA256, .base64, in: .header("X-Line-Signature"))
        ),
        WebhookScheme(
            "xero",
            "HMAC-SHA256 of the body in x-xero-signature",
            SignatureForm(.hmacSHA256, .base64, in: .header("x-xero-signature"))
        ),
        WebhookScheme(
            "docusign",
            "HMAC-SHA256 of the body in X-DocuSign-Signature-1",
            SignatureForm(.hmacSHA256, .base64, in: .header("X-DocuSign-Signature-1"))
        ),
        WebhookScheme(
            "vercel",
            "HMAC-SHA1 of the body in x-vercel-signature",
            SignatureForm(.hmacSHA1, in: .header("x-vercel-signature"))
        ),
        plain("razorpay", "X-Razorpay-Signature", ids: ["X-Razorpay-Event-Id"]),
        plain("coinbase", "X-CC-Webhook-Signature"),
        plain("sentry", "Sentry-Hook-Signature", ids: ["Request-ID"]),
        plain("asana", "X-Hook-Signature"),
        plain("dropbox", "X-Dropbox-Signature"),
        plain("gocardless", "Webhook-Signature", .shape),
        plain("mailersend", "Signature", .shape),
    ]

    /// Senders that put the signature into the body.
    private static let inBody: [WebhookScheme] = [
        WebhookScheme(
            "mailgun",
            "signature.signature of the body over its time and token",
            SignatureForm(
                .hmacSHA256,
                signed: "{timestamp}{json:/signature/token}",
                in: .inJSON("signature/signature"),
                time: .inJSON("signature/timestamp"),
                ids: [.inJSON("signature/token")],
                recognition: .company([.inJSON("signature/token"), .inJSON("signature/timestamp")])
            )
        ),
        WebhookScheme(
            "mailgun-form",
            family: "mailgun",
            "the field signature of the form over its time and token",
            SignatureForm(
                .hmacSHA256,
                signed: "{timestamp}{form:token}",
                in: .form("signature"),
                time: .form("timestamp"),
                ids: [.form("token")],
                recognition: .company([.form("token"), .form("timestamp")])
            )
        ),
        WebhookScheme(
            "adyen",
            "additionalData.hmacSignature of the notification over its fields",
            SignatureForm(
                .hmacSHA256,
                secret: .hex,
                signed: adyenFields,
                .base64,
                in: .inJSON("\(adyenItem)/additionalData/hmacSignature"),
                recognition: .company([.inJSON("\(adyenItem)/eventCode")])
            )
        ),
    ]

    private static let adyenItem = "notificationItems/0/NotificationRequestItem"

    private static let adyenFields: SignatureTemplate = """
        {json:/notificationItems/0/NotificationRequestItem/pspReference}:\
        {json:/notificationItems/0/NotificationRequestItem/originalReference}:\
        {json:/notificationItems/0/NotificationRequestItem/merchantAccountCode}:\
        {json:/notificationItems/0/NotificationRequestItem/merchantReference}:\
        {json:/notificationItems/0/NotificationRequestItem/amount/value}:\
        {json:/notificationItems/0/NotificationRequestItem/amount/currency}:\
        {json:/notificationItems/0/NotificationRequestItem/eventCode}:\
        {json:/notificationItems/0/NotificationRequestItem/success}
        """

    /// HMAC-SHA256 over the body in hexadecimal digits, alone in a field.
    private static func plain(
        _ name: String,
        _ field: String,
        ids: [String] = [],
        _ recognition: SignatureForm.Recognition = .field
    ) -> WebhookScheme {
        WebhookScheme(
            name,
            "HMAC-SHA256 of the body in \(field)",
            SignatureForm(
                .hmacSHA256,
                in: .header(field),
                ids: ids.map { .header($0) },
                recognition: recognition
            )
        )
    }
}

extension SignaturePlace {
    /// A place in the JSON of the body, known to the program.
    fileprivate static func inJSON(_ path: String) -> SignaturePlace {
        guard let pointer = JSONPointer("/" + path) else { preconditionFailure("the pointer '\(path)'") }
        return .json(pointer)
    }
}
