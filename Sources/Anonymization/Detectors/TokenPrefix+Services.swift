extension TokenPrefix {
    /// The prefixes that services document for their keys, and for secret scanners.
    static let services: [TokenPrefix] = [
        // Stripe and others that pay alike.
        .init(text: "sk_live_", minimum: 10), .init(text: "sk_test_", minimum: 10),
        .init(text: "rk_live_", minimum: 10), .init(text: "rk_test_", minimum: 10),
        .init(text: "pk_live_", minimum: 10), .init(text: "pk_test_", minimum: 10),
        .init(text: "whsec_", minimum: 10), .init(text: "rzp_live_", minimum: 10),
        .init(text: "rzp_test_", minimum: 10), .init(text: "FLWSECK-", minimum: 10),
        .init(text: "FLWSECK_TEST-", minimum: 10), .init(text: "EZAK", minimum: 40),
        .init(text: "EZTK", minimum: 40), .init(text: "shippo_live_", minimum: 10),
        .init(text: "shippo_test_", minimum: 10), .init(text: "duffel_live_", minimum: 10),
        .init(text: "duffel_test_", minimum: 10), .init(text: "pscale_tkn_", minimum: 10),
        .init(text: "pscale_pw_", minimum: 10),
        // PayPal, Square, Adyen, Plaid, Braintree.
        .init(text: "access_token$production$", minimum: 16),
        .init(text: "access_token$sandbox$", minimum: 16), .init(text: "sq0atp-", minimum: 16),
        .init(text: "sq0csp-", minimum: 16), .init(text: "sq0idp-", minimum: 16),
        .init(text: "EAAA", minimum: 40), .init(text: "access-production-", minimum: 16),
        .init(text: "access-sandbox-", minimum: 16), .init(text: "access-development-", minimum: 16),
        // GitHub, GitLab, Bitbucket.
        .init(text: "ghp_", minimum: 16), .init(text: "gho_", minimum: 16),
        .init(text: "ghu_", minimum: 16), .init(text: "ghs_", minimum: 16),
        .init(text: "ghr_", minimum: 16), .init(text: "github_pat_", minimum: 16),
        .init(text: "glpat-", minimum: 16), .init(text: "gldt-", minimum: 16),
        .init(text: "glrt-", minimum: 16), .init(text: "glcbt-", minimum: 16),
        .init(text: "glptt-", minimum: 16), .init(text: "glft-", minimum: 16),
        .init(text: "glimt-", minimum: 16), .init(text: "glagent-", minimum: 16),
        .init(text: "glsoat-", minimum: 16), .init(text: "GR1348941", minimum: 20),
        .init(text: "ATBB", minimum: 16), .init(text: "ATCTT3xFfG", minimum: 16),
        .init(text: "ATATT3xFfG", minimum: 16),
        // Slack.
        .init(text: "xoxb-", minimum: 10), .init(text: "xoxp-", minimum: 10),
        .init(text: "xoxa-", minimum: 10), .init(text: "xoxr-", minimum: 10),
        .init(text: "xoxs-", minimum: 10), .init(text: "xoxe-", minimum: 10),
        .init(text: "xoxe.", minimum: 20), .init(text: "xoxo-", minimum: 10),
        .init(text: "xoxc-", minimum: 10), .init(text: "xoxd-", minimum: 10),
        .init(text: "xapp-", minimum: 10),
        // AWS.
        .init(text: "AKIA", minimum: 16), .init(text: "ASIA", minimum: 16),
        .init(text: "AROA", minimum: 16), .init(text: "AIDA", minimum: 16),
        .init(text: "AGPA", minimum: 16), .init(text: "ABIA", minimum: 16),
        .init(text: "ACCA", minimum: 16),
        // Google.
        .init(text: "AIza", minimum: 30), .init(text: "ya29.", minimum: 20),
        .init(text: "GOCSPX-", minimum: 20),
        // Microsoft Azure: client secrets and storage.
        .init(text: "AccountKey=", minimum: 30), .init(text: "SharedAccessKey=", minimum: 30),
        // Mail: SendGrid, Mailgun, Brevo, Resend, Postmark, Mailchimp's transactions.
        .init(text: "SG.", minimum: 30), .init(text: "key-", minimum: 32),
        .init(text: "xkeysib-", minimum: 16), .init(text: "xsmtpsib-", minimum: 16),
        .init(text: "re_", minimum: 24), .init(text: "md-", minimum: 20),
        // Packages: npm, PyPI, RubyGems, crates.io, NuGet, Docker, JFrog, Clojars.
        .init(text: "npm_", minimum: 20), .init(text: "pypi-", minimum: 20),
        .init(text: "rubygems_", minimum: 20), .init(text: "dckr_pat_", minimum: 20),
        .init(text: "dckr_oat_", minimum: 20), .init(text: "AKCp", minimum: 40),
        .init(text: "CLOJARS_", minimum: 20),
        // OpenAI, Anthropic and other models.
        .init(text: "sk-", minimum: 20), .init(text: "sk-ant-", minimum: 20),
        .init(text: "sk-proj-", minimum: 20), .init(text: "sk-svcacct-", minimum: 20),
        .init(text: "sk-or-", minimum: 20), .init(text: "hf_", minimum: 20),
        .init(text: "r8_", minimum: 20), .init(text: "gsk_", minimum: 20),
        .init(text: "xai-", minimum: 20), .init(text: "pplx-", minimum: 20),
        // Hosts: DigitalOcean, Heroku, Fly, Netlify, Supabase, Render, Linode, Hetzner, Cloudflare, Vercel.
        .init(text: "dop_v1_", minimum: 16), .init(text: "doo_v1_", minimum: 16),
        .init(text: "dor_v1_", minimum: 16), .init(text: "HRKU-", minimum: 16),
        .init(text: "fo1_", minimum: 16), .init(text: "nfp_", minimum: 16),
        .init(text: "nfc_", minimum: 16), .init(text: "sbp_", minimum: 16),
        .init(text: "sb_secret_", minimum: 16), .init(text: "rnd_", minimum: 16),
        // Shopify.
        .init(text: "shpat_", minimum: 16), .init(text: "shpss_", minimum: 16),
        .init(text: "shpca_", minimum: 16), .init(text: "shppa_", minimum: 16),
        .init(text: "shptka_", minimum: 16), .init(text: "shpua_", minimum: 16),
        // Observation: New Relic, Grafana, Sentry, Dynatrace, Sonar, Honeycomb.
        .init(text: "NRAK-", minimum: 16), .init(text: "NRJS-", minimum: 16),
        .init(text: "NRII-", minimum: 16), .init(text: "glc_", minimum: 16),
        .init(text: "glsa_", minimum: 16), .init(text: "sntrys_", minimum: 16),
        .init(text: "sntryu_", minimum: 16), .init(text: "dt0c01.", minimum: 16),
        .init(text: "sqp_", minimum: 16), .init(text: "sqa_", minimum: 16),
        .init(text: "squ_", minimum: 16), .init(text: "hcaik_", minimum: 16),
        .init(text: "phc_", minimum: 16), .init(text: "phx_", minimum: 16),
        // Secrets and machines: HashiCorp, Doppler, 1Password, age, Tailscale, Pulumi, Infracost.
        .init(text: "hvs.", minimum: 40), .init(text: "hvb.", minimum: 40),
        .init(text: "hvr.", minimum: 40), .init(text: "dp.pt.", minimum: 40),
        .init(text: "dp.st.", minimum: 40), .init(text: "dp.ct.", minimum: 40),
        .init(text: "dp.sa.", minimum: 40), .init(text: "AGE-SECRET-KEY-1", minimum: 16),
        .init(text: "tskey-", minimum: 16), .init(text: "pul-", minimum: 16),
        // Builds: Buildkite, CircleCI, Terraform Cloud, Prefect, Sourcegraph.
        .init(text: "bkua_", minimum: 16), .init(text: "CCIPAT_", minimum: 16),
        .init(text: "CCIPRJ_", minimum: 16), .init(text: "pnu_", minimum: 16),
        // Work: Linear, Notion, Figma, Airtable, Asana, Typeform, Contentful, Postman, Frame.io, Readme.
        .init(text: "lin_api_", minimum: 16), .init(text: "lin_oauth_", minimum: 16),
        .init(text: "ntn_", minimum: 16), .init(text: "secret_", minimum: 40),
        .init(text: "figd_", minimum: 16), .init(text: "figu_", minimum: 16),
        .init(text: "tfp_", minimum: 16), .init(text: "CFPAT-", minimum: 16),
        .init(text: "PMAK-", minimum: 16),
        .init(text: "fio-u-", minimum: 16), .init(text: "rdme_", minimum: 16),
        // Meta, Tencent, Yandex.
        .init(text: "EAAC", minimum: 40), .init(text: "EAAB", minimum: 40),
        .init(text: "EAAJ", minimum: 40), .init(text: "EAAG", minimum: 40),
        .init(text: "AKID", minimum: 28),
        .init(text: "y0_", minimum: 40),
    ]
}
