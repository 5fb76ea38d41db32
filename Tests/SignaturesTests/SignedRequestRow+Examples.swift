extension SignedRequestRow {
    /// One or more for every built-in scheme with a secret that both sides have, and for those with key pairs.
    static let examples: [SignedRequestRow] = overBody + overTime + elsewhere

    /// Those over the body alone.
    private static let overBody: [SignedRequestRow] = [
        SignedRequestRow(
            scheme: "github",
            source: #"GitHub documentation, "Validating webhook deliveries""#,
            secret: "It's a Secret to Everybody",
            fields: [
                "X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            ],
            body: "Hello, World!"
        ),
        SignedRequestRow(
            scheme: "mesh",
            source: "the same under another name",
            secret: "It's a Secret to Everybody",
            fields: ["X-Signature: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"],
            body: "Hello, World!"
        ),
        SignedRequestRow(
            scheme: "github-sha1",
            source: "adnanh/webhook, hook_test.go",
            secret: "secret",
            fields: ["X-Hub-Signature: sha1=b17e04cbb22afa8ffbff8796fc1894ed27badd9e"],
            body: #"{"a": "z"}"#
        ),
        SignedRequestRow(
            scheme: "github-sha512",
            source: "adnanh/webhook, hook_test.go",
            secret: "secret",
            fields: [
                "X-Hub-Signature-512: sha512=4ab17cc8ec668ead8bf498f87f8f32848c04d5ca3c9bcfcd3db9363f0deb44e580b329502a7fdff633d4d8fca301cc5c94a55a2fec458c675fb0ff2655898324"
            ],
            body: #"{"a": "z"}"#
        ),
        SignedRequestRow(
            scheme: "gitea",
            source: "as Gitea's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["X-Gitea-Signature: c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "gogs",
            source: "as Gogs' documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["X-Gogs-Signature: c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "bitbucket",
            source: #"Atlassian documentation, "Secure webhooks""#,
            secret: "It's a Secret to Everybody",
            fields: [
                "X-Hub-Signature: sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
            ],
            body: "Hello World!"
        ),
        SignedRequestRow(
            scheme: "gitlab",
            source: "GitLab's documentation",
            secret: "k-5b1a",
            fields: ["X-Gitlab-Token: k-5b1a"],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "telegram",
            source: "Telegram's documentation",
            secret: "k-5b1a",
            fields: ["X-Telegram-Bot-Api-Secret-Token: k-5b1a"],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "shopify",
            source: "bold-commerce/go-shopify, oauth_test.go",
            secret: "hush",
            fields: ["X-Shopify-Hmac-Sha256: hMTq0K2x7oyOjoBwGYeTj5oxfnaVYXzbanUG9aajpKI="],
            body: #""my secret message""#
        ),
        SignedRequestRow(
            scheme: "line",
            source: "line/line-bot-sdk-python, test_webhook.py",
            secret: "channel_secret",
            fields: ["X-Line-Signature: /gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="],
            body: "bodybodybodybody"
        ),
        SignedRequestRow(
            scheme: "discourse",
            source: "as Discourse's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "X-Discourse-Event-Signature: sha256=c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"
            ],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "typeform",
            source: "as Typeform's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["Typeform-Signature: sha256=wKPFe3UK3SnvfW6SPkX2HtqwEjBz1sFvJ6a8vtaUNsw="],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "notion",
            source: "as Notion's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "X-Notion-Signature: sha256=c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"
            ],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "pagerduty",
            source: "as PagerDuty's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "X-PagerDuty-Signature: v1=c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"
            ],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "circleci",
            source: "as CircleCI's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "circleci-signature: v1=c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"
            ],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "woocommerce",
            source: "as WooCommerce's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["X-WC-Webhook-Signature: wKPFe3UK3SnvfW6SPkX2HtqwEjBz1sFvJ6a8vtaUNsw="],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "xero",
            source: "as Xero's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["x-xero-signature: wKPFe3UK3SnvfW6SPkX2HtqwEjBz1sFvJ6a8vtaUNsw="],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "docusign",
            source: "as DocuSign's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["X-DocuSign-Signature-1: wKPFe3UK3SnvfW6SPkX2HtqwEjBz1sFvJ6a8vtaUNsw="],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "vercel",
            source: "as Vercel's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["x-vercel-signature: a8c934e60e5202457d763abe7b13681d8608703e"],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "razorpay",
            source: "as Razorpay's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "X-Razorpay-Signature: c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"
            ],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "coinbase",
            source: "as Coinbase Commerce's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "X-CC-Webhook-Signature: c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"
            ],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "sentry",
            source: "as Sentry's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "Sentry-Hook-Signature: c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"
            ],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "asana",
            source: "as Asana's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["X-Hook-Signature: c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "dropbox",
            source: "as Dropbox's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["X-Dropbox-Signature: c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "gocardless",
            source: "as GoCardless's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["Webhook-Signature: c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
        SignedRequestRow(
            scheme: "mailersend",
            source: "as MailerSend's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["Signature: c0a3c57b750add29ef7d6e923e45f61edab0123073d6c16f27a6bcbed69436cc"],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
    ]

    /// Those over a time and the body.
    private static let overTime: [SignedRequestRow] = [
        SignedRequestRow(
            scheme: "stripe",
            source: "as Stripe's documentation describes it, made with Python's hmac",
            secret: "whsec_test_secret",
            fields: [
                "Stripe-Signature: t=1748876329,v1=4fecf5346983ea78b0e2e8cb6f4bcb0c53e11632c8c14b862dc3433473f315b3"
            ],
            body: #"{"id":"evt_1","amount":1250}"#,
            time: 1_748_876_329
        ),
        SignedRequestRow(
            scheme: "slack",
            source: #"Slack documentation, "Verifying requests from Slack""#,
            secret: "8f742231b10e8888abcd99yyyzzz85a5",
            fields: [
                "X-Slack-Request-Timestamp: 1531420618",
                "X-Slack-Signature: v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
            ],
            body:
                "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
            time: 1_531_420_618
        ),
        SignedRequestRow(
            scheme: "paddle",
            source: "PaddleHQ/paddle-python-sdk, test_Verifier.py",
            secret: "pdl_ntf_01hbpjmytsa32fhr36nqgc3kgb_WvRO0eL4Bj9rgYYIBZY6wZhG4EHy9jzh",
            fields: [
                "Paddle-Signature: ts=1696195954;h1=d96299976a6eb066f484d7fde011ac56fc32b38fc9940bc419d6e537fdc6ef02"
            ],
            body: "hello-world",
            time: 1_696_195_954
        ),
        SignedRequestRow(
            scheme: "zoom",
            source: "as Zoom's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "x-zm-request-timestamp: 1748876329",
                "x-zm-signature: v0=dc2e2dee7f90736dd905cd38375e7e1e7b491759398de1cb8d108a9cdd828112",
            ],
            body: #"{"id":"evt_1","amount":1250}"#,
            time: 1_748_876_329
        ),
        SignedRequestRow(
            scheme: "linear",
            source: "as Linear's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["Linear-Signature: 6c6251c2347e60a259e977688031196b9515465bb198d5e8ef762348d0de85f5"],
            body: #"{"action":"create","webhookTimestamp":1748876329508}"#,
            time: 1_748_876_329
        ),
        SignedRequestRow(
            scheme: "calendly",
            source: "as Calendly's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "Calendly-Webhook-Signature: t=1748876329,v1=7985cb6ffa3aa4a77a442f5d674a4f14e68d2edf717800aef4b69d9ecdbd762e"
            ],
            body: #"{"id":"evt_1","amount":1250}"#,
            time: 1_748_876_329
        ),
        SignedRequestRow(
            scheme: "zendesk",
            source: "as Zendesk's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "X-Zendesk-Webhook-Signature-Timestamp: 2021-03-25T05:09:27Z",
                "X-Zendesk-Webhook-Signature: DTzCtNJ+xwMlfkMYYOQ5kkjvk66uiCwy7OoE4yhhECs=",
            ],
            body: #"{"id":"evt_1","amount":1250}"#,
            time: 1_616_648_967
        ),
        SignedRequestRow(
            scheme: "messagebird",
            source: "messagebird/python-rest-api, test_signed_request.py",
            secret: "PlLrKaqvZNRR5zAjm42ZT6q1SQxgbbGd",
            line:
                "POST /?recipient=31612345678&id=eef0ab57a9e049be946f3821568c2b2e&mccmnc=20408&ported=1&reference=FOO&status=delivered&statusDatetime=2019-01-11T09%3A17%3A11%2B00%3A00 HTTP/1.1",
            fields: [
                "MessageBird-Request-Timestamp: 1547198231",
                "MessageBird-Signature: KVBdcVdz2lYMwcBLZCRITgxUfA/WkwSi+T3Wxl2HL6w=",
            ],
            time: 1_547_198_231
        ),
        SignedRequestRow(
            scheme: "standard-webhooks",
            source: "standard-webhooks/standard-webhooks, test_webhooks.py",
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            fields: [
                "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp: 1614265330",
                "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ],
            body: #"{"test": 2432232314}"#,
            time: 1_614_265_330
        ),
        SignedRequestRow(
            scheme: "svix",
            source: "standard-webhooks/standard-webhooks, test_webhooks.py",
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            fields: [
                "svix-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "svix-timestamp: 1614265330",
                "svix-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ],
            body: #"{"test": 2432232314}"#,
            time: 1_614_265_330
        ),
        SignedRequestRow(
            scheme: "discord",
            source: "as Discord's documentation describes it, with the first key of RFC 8032, section 7.1",
            secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            fields: [
                "X-Signature-Timestamp: 1748876329",
                "X-Signature-Ed25519: 7f8b7df02d5eb62f271d0b3691e368503b25b4c397885d0d6b05a690580dd573442e9c625bd46e52e45bbd59c6bdf2c3242eb90e7b6b894e3a72283e76f93702",
            ],
            body: #"{"id":"evt_1","amount":1250}"#,
            time: 1_748_876_329
        ),
        SignedRequestRow(
            scheme: "standard-webhooks-ed25519",
            source: "as Standard Webhooks describes it, with the first key of RFC 8032, section 7.1",
            secret: "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
            fields: [
                "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp: 1748876329",
                "webhook-signature: v1a,9g3yJmdyxXH53EfWUpJnnkLvOJQbnd8MNp4lbm0HHxiZCj0/kuQ/ItKj1cy1y5EAgq0p69bWGis18s7xd9o4DQ==",
            ],
            body: #"{"id":"evt_1","amount":1250}"#,
            time: 1_748_876_329
        ),
        SignedRequestRow(
            scheme: "svix-ed25519",
            source: "as Standard Webhooks describes it, with the first key of RFC 8032, section 7.1",
            secret: "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
            fields: [
                "svix-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "svix-timestamp: 1748876329",
                "svix-signature: v1a,9g3yJmdyxXH53EfWUpJnnkLvOJQbnd8MNp4lbm0HHxiZCj0/kuQ/ItKj1cy1y5EAgq0p69bWGis18s7xd9o4DQ==",
            ],
            body: #"{"id":"evt_1","amount":1250}"#,
            time: 1_748_876_329
        ),
    ]

    /// Those over the URL or the whole request, and those outside the header.
    private static let elsewhere: [SignedRequestRow] = [
        SignedRequestRow(
            scheme: "twilio",
            source: "twilio/twilio-python, test_request_validator.py",
            secret: "12345",
            line: "POST /myapp.php?foo=1&bar=2 HTTP/1.1",
            fields: [
                "Content-Type: application/x-www-form-urlencoded",
                "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8=",
            ],
            body:
                "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309",
            url: "https://mycompany.com"
        ),
        SignedRequestRow(
            scheme: "twilio",
            source: "the same with repeated parameters",
            secret: "12345",
            line: "POST /myapp.php?foo=1&bar=2 HTTP/1.1",
            fields: [
                "Content-Type: application/x-www-form-urlencoded",
                "X-Twilio-Signature: IK+Dwps556ElfBT0I3Rgjkr1wJU=",
            ],
            body: "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
            url: "https://mycompany.com"
        ),
        SignedRequestRow(
            scheme: "twilio",
            source: "the same with a JSON body and its digest in the URL",
            secret: "12345",
            line:
                "POST /myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620 HTTP/1.1",
            fields: ["Content-Type: application/json", "X-Twilio-Signature: a9nBmqA0ju/hNViExpshrM61xv4="],
            body: #"{"property": "value", "boolean": true}"#,
            url: "https://mycompany.com"
        ),
        SignedRequestRow(
            scheme: "square",
            source: "square/square-nodejs-sdk, webhooks.test.ts",
            secret: "Ibxx_5AKakO-3qeNVR61Dw",
            line: "POST /679a4f3a-dcfa-49ee-bac5-9d0edad886b9 HTTP/1.1",
            fields: ["x-square-hmacsha256-signature: GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4="],
            body:
                #"{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}"#,
            url: "https://webhook.site"
        ),
        SignedRequestRow(
            scheme: "hubspot",
            source: "as HubSpot's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: [
                "X-HubSpot-Request-Timestamp: 1748876329508",
                "X-HubSpot-Signature-v3: SFByi4ygeZR2x1OZGm6JcO8vQ/V8iGcADqnt5honums=",
            ],
            body: #"{"id":"evt_1","amount":1250}"#,
            url: "https://hooks.example",
            time: 1_748_876_329
        ),
        SignedRequestRow(
            scheme: "trello",
            source: "as Trello's documentation describes it, made with Python's hmac",
            secret: "k-5b1a",
            fields: ["X-Trello-Webhook: IWvoLzt8/5HFmpWvmJtlkTzCACk="],
            body: #"{"id":"evt_1","amount":1250}"#,
            url: "https://hooks.example"
        ),
        SignedRequestRow(
            scheme: "shopify-app-proxy",
            source: #"Shopify documentation, "Authenticate app proxies""#,
            secret: "hush",
            line:
                "GET /proxied?extra=1&extra=2&shop=shop-name.myshopify.com&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555&signature=a9718877bea71c2484f91608a7eaea1532bdf71f5c56825065fa4ccabe549ef3 HTTP/1.1",
            fields: [],
            time: 1_317_327_555
        ),
        SignedRequestRow(
            scheme: "mailgun",
            source: "symfony/symfony, MailgunRequestParserTest.php",
            secret: "key-0p6mqbf74lb20gzq9f4dhpn9rg3zyk26",
            fields: ["Content-Type: application/json"],
            body:
                #"{"signature":{"token":"885894756b6c371a377f5f9516d60a4db497ad27d4931ed215","timestamp":"1661621710","signature":"606307bb55b72686b1b2a2c8c37ae6e6ec89496592bac4a4eee5a346337d04a5"},"event-data":{"event":"accepted"}}"#,
            time: 1_661_621_710
        ),
        SignedRequestRow(
            scheme: "mailgun-form",
            source: "the same as a form",
            secret: "key-0p6mqbf74lb20gzq9f4dhpn9rg3zyk26",
            fields: ["Content-Type: application/x-www-form-urlencoded"],
            body:
                "recipient=a%40b.example&timestamp=1661621710&token=885894756b6c371a377f5f9516d60a4db497ad27d4931ed215&signature=606307bb55b72686b1b2a2c8c37ae6e6ec89496592bac4a4eee5a346337d04a5",
            time: 1_661_621_710
        ),
        SignedRequestRow(
            scheme: "adyen",
            source: "Adyen/adyen-node-api-library, hmacValidator.spec.ts",
            secret: "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00",
            fields: ["Content-Type: application/json"],
            body:
                #"{"notificationItems":[{"NotificationRequestItem":{"pspReference":"pspReference","originalReference":"originalReference","merchantAccountCode":"merchantAccount","merchantReference":"reference","amount":{"currency":"EUR","value":1000},"eventCode":"REPORT_AVAILABLE","success":"true","additionalData":{"hmacSignature":"ZNBPtI+oDyyRrLyD1XirkKnQgIAlFc07Vj27TeHsDRE="}}}]}"#
        ),
        SignedRequestRow(
            scheme: "sigv4",
            source: "AWS Signature Version 4 test suite, get-vanilla",
            secret: "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            line: "GET / HTTP/1.1",
            fields: [
                "Host: example.amazonaws.com", "X-Amz-Date: 20150830T123600Z",
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ],
            time: 1_440_938_160
        ),
        SignedRequestRow(
            scheme: "sigv4",
            source: "AWS Signature Version 4 test suite, post-vanilla",
            secret: "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            line: "POST / HTTP/1.1",
            fields: [
                "Host: example.amazonaws.com", "X-Amz-Date: 20150830T123600Z",
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ],
            time: 1_440_938_160
        ),
        SignedRequestRow(
            scheme: "sigv4",
            source: "AWS Signature Version 4 test suite, get-vanilla-query-order-key-case",
            secret: "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            line: "GET /?Param2=value2&Param1=value1 HTTP/1.1",
            fields: [
                "Host: example.amazonaws.com", "X-Amz-Date: 20150830T123600Z",
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ],
            time: 1_440_938_160
        ),
        SignedRequestRow(
            scheme: "jwt",
            source: "jwt.io",
            secret: "your-256-bit-secret",
            fields: [
                "Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
            ],
            body: #"{"id":"evt_1","amount":1250}"#
        ),
    ]

}
