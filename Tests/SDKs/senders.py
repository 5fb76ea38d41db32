"""Webhook senders: how each signs a request, and how its own library checks one.

`sign` returns the header fields (and may change the body or the target); `accepts` is what a receiver runs. Where a
provider has a library on PyPI, `accepts` is that library; the others follow the provider's documentation with the
standard library, and say so in `library`.
"""

import base64
import hashlib
import hmac
import json
import time
import types
import urllib.parse
import uuid
import warnings

import Adyen.util
import botocore.auth
import botocore.awsrequest
import botocore.credentials
import discord_interactions
import gidgethub.sansio
import gocardless_pro.webhooks
import jwt
import linebot.v3.webhook
import messagebird.signed_request
import nacl.signing
import razorpay
import slack_sdk.signature
import square.utils.webhooks_helper
import standardwebhooks
import stripe
import svix.webhooks
import twilio.request_validator
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from paddle_billing.Notifications import Secret, Verifier
from sendgrid.helpers.eventwebhook import EventWebhook

# It prints what it refuses, from any thread.
discord_interactions.print = lambda *_: None

warnings.simplefilter("ignore", DeprecationWarning)


class Request:
    """A request as a receiver sees it; names of fields in lower case."""

    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body
        self.text = body.decode()
        self.url = "http://%s%s" % (self.headers["host"], target)


def mac(key, data, digest="sha256"):
    key = key if isinstance(key, bytes) else key.encode()
    data = data if isinstance(data, bytes) else data.encode()
    return hmac.new(key, data, digest)


def b64(data):
    return base64.b64encode(data).decode()


class Sender:
    scheme = ""
    library = "documentation"
    target = None
    content_type = "application/json"
    # Header fields that are new in every replay.
    ids = []
    # Whether a wrong secret is told from a right one by the library alone.
    method = "POST"

    def secrets(self, seed):
        """What the sender signs with, and the text of the file by which a receiver checks."""
        secret = hashlib.sha256(("%s %s" % (self.scheme, seed)).encode()).hexdigest()
        return secret, secret

    def body(self, number):
        return json.dumps(
            {"id": "evt_%d" % number, "email": "ada.lovelace%d@mail.test" % number, "amount": 1250 + number}
        ).encode()

    def path(self, body):
        return "/hooks/" + self.scheme

    def origin(self):
        return "https://hooks.example"


class GitHub(Sender):
    scheme, library, ids = "github", "gidgethub", ["x-github-delivery"]

    def sign(self, target, body, secret, now):
        return body, target, [
            ("X-GitHub-Delivery", str(uuid.uuid4())), ("X-GitHub-Event", "push"),
            ("X-Hub-Signature", "sha1=" + mac(secret, body, "sha1").hexdigest()),
            ("X-Hub-Signature-256", "sha256=" + mac(secret, body).hexdigest()),
        ]

    def accepts(self, request, secret):
        for field in "x-hub-signature", "x-hub-signature-256":
            gidgethub.sansio.validate_event(request.body, signature=request.headers[field], secret=secret)
        return True


class Stripe(Sender):
    scheme, library = "stripe", "stripe"

    def sign(self, target, body, secret, now):
        signature = stripe.WebhookSignature._compute_signature("%d.%s" % (now, body.decode()), secret)
        return body, target, [("Stripe-Signature", "t=%d,v1=%s" % (now, signature))]

    def accepts(self, request, secret):
        return stripe.WebhookSignature.verify_header(request.text, request.headers["stripe-signature"], secret, 300)


class StandardWebhooks(Sender):
    scheme, library, ids, prefix = "standard-webhooks", "standardwebhooks", ["webhook-id"], "webhook"
    webhook = standardwebhooks.Webhook

    def secrets(self, seed):
        secret = "whsec_" + b64(hashlib.sha256(("%s %s" % (self.scheme, seed)).encode()).digest())
        return secret, secret

    def sign(self, target, body, secret, now):
        import datetime

        name = "msg_" + uuid.uuid4().hex
        moment = datetime.datetime.fromtimestamp(now, tz=datetime.timezone.utc)
        signature = self.webhook(secret).sign(msg_id=name, timestamp=moment, data=body.decode())
        return body, target, [
            (self.prefix + "-id", name), (self.prefix + "-timestamp", str(now)),
            (self.prefix + "-signature", signature),
        ]

    def accepts(self, request, secret):
        self.webhook(secret).verify(request.body, request.headers)
        return True


class Svix(StandardWebhooks):
    scheme, library, ids, prefix = "svix", "svix", ["svix-id"], "svix"
    webhook = svix.webhooks.Webhook


class StandardWebhooksPair(StandardWebhooks):
    """The asymmetric form; the library checks the shared one only, so PyNaCl does."""

    scheme, library = "standard-webhooks-ed25519", "PyNaCl"

    def secrets(self, seed):
        key = nacl.signing.SigningKey(hashlib.sha256(("pair %s" % seed).encode()).digest())
        return "whsk_" + b64(key.encode()), "whpk_" + b64(key.verify_key.encode())

    def sign(self, target, body, secret, now):
        name = "msg_" + uuid.uuid4().hex
        key = nacl.signing.SigningKey(base64.b64decode(secret[5:]))
        signature = key.sign(("%s.%d." % (name, now)).encode() + body).signature
        return body, target, [
            ("webhook-id", name), ("webhook-timestamp", str(now)), ("webhook-signature", "v1a," + b64(signature)),
        ]

    def accepts(self, request, secret):
        headers = request.headers
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300
        version, signature = headers["webhook-signature"].split(",")
        assert version == "v1a"
        signed = ("%s.%s." % (headers["webhook-id"], headers["webhook-timestamp"])).encode() + request.body
        nacl.signing.VerifyKey(base64.b64decode(secret[5:])).verify(signed, base64.b64decode(signature))
        return True


class Slack(Sender):
    scheme, library = "slack", "slack_sdk"

    def sign(self, target, body, secret, now):
        verifier = slack_sdk.signature.SignatureVerifier(secret)
        signature = verifier.generate_signature(timestamp=str(now), body=body)
        return body, target, [("X-Slack-Request-Timestamp", str(now)), ("X-Slack-Signature", signature)]

    def accepts(self, request, secret):
        return slack_sdk.signature.SignatureVerifier(secret).is_valid_request(request.body, request.headers)


class TwilioForm(Sender):
    scheme, library, ids = "twilio", "twilio", ["i-twilio-idempotency-token"]
    content_type = "application/x-www-form-urlencoded"

    def body(self, number):
        return urllib.parse.urlencode(
            [("CallSid", "CA%032x" % number), ("From", "+14158675309"), ("Body", "Grüße & 50% off! = + x"), ("Empty", "")]
        ).encode()

    def path(self, body):
        return "/hooks/twilio?tenant=7&x=%2F"

    def parameters(self, body):
        return dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))

    def sign(self, target, body, secret, now):
        url = self.origin() + target
        signature = twilio.request_validator.RequestValidator(secret).compute_signature(url, self.parameters(body))
        return body, target, [("I-Twilio-Idempotency-Token", str(uuid.uuid4())), ("X-Twilio-Signature", signature)]

    def accepts(self, request, secret):
        validator = twilio.request_validator.RequestValidator(secret)
        return validator.validate(request.url, self.parameters(request.body), request.headers["x-twilio-signature"])


class TwilioJSON(TwilioForm):
    content_type = "application/json"
    body = Sender.body

    def path(self, body):
        return "/hooks/twilio?bodySHA256=" + hashlib.sha256(body).hexdigest()

    def parameters(self, body):
        return {}

    def accepts(self, request, secret):
        validator = twilio.request_validator.RequestValidator(secret)
        return validator.validate(request.url, request.text, request.headers["x-twilio-signature"])


class Discord(Sender):
    scheme, library = "discord", "discord-interactions (PyNaCl)"

    def secrets(self, seed):
        key = nacl.signing.SigningKey(hashlib.sha256(("discord %s" % seed).encode()).digest())
        return key.encode().hex(), key.verify_key.encode().hex()

    def sign(self, target, body, secret, now):
        key = nacl.signing.SigningKey(bytes.fromhex(secret))
        signature = key.sign(str(now).encode() + body).signature.hex()
        return body, target, [("X-Signature-Ed25519", signature), ("X-Signature-Timestamp", str(now))]

    def accepts(self, request, secret):
        headers = request.headers
        return discord_interactions.verify_key(
            request.body, headers["x-signature-ed25519"], headers["x-signature-timestamp"], secret
        )


class SendGrid(Sender):
    scheme, library = "sendgrid", "sendgrid"

    def secrets(self, seed):
        number = int.from_bytes(hashlib.sha256(("sendgrid %s" % seed).encode()).digest(), "big") >> 1
        key = ec.derive_private_key(number, ec.SECP256R1())
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return private.decode(), b64(public)

    def sign(self, target, body, secret, now):
        key = serialization.load_pem_private_key(secret.encode(), None)
        signature = key.sign(str(now).encode() + body, ec.ECDSA(hashes.SHA256()))
        return body, target, [
            ("X-Twilio-Email-Event-Webhook-Signature", b64(signature)),
            ("X-Twilio-Email-Event-Webhook-Timestamp", str(now)),
        ]

    def accepts(self, request, secret):
        webhook = EventWebhook(secret)
        headers = request.headers
        return webhook.verify_signature(
            request.text,
            headers["x-twilio-email-event-webhook-signature"],
            headers["x-twilio-email-event-webhook-timestamp"],
        )


class Square(Sender):
    scheme, library = "square", "squareup"

    def sign(self, target, body, secret, now):
        url = self.origin() + target
        return body, target, [("x-square-hmacsha256-signature", b64(mac(secret, url.encode() + body).digest()))]

    def accepts(self, request, secret):
        return square.utils.webhooks_helper.verify_signature(
            request_body=request.text,
            signature_header=request.headers["x-square-hmacsha256-signature"],
            signature_key=secret,
            notification_url=request.url,
        )


class Paddle(Sender):
    scheme, library = "paddle", "paddle-python-sdk"

    def sign(self, target, body, secret, now):
        signature = mac(secret, b"%d:%s" % (now, body)).hexdigest()
        return body, target, [("Paddle-Signature", "ts=%d;h1=%s" % (now, signature))]

    def accepts(self, request, secret):
        seen = types.SimpleNamespace(
            headers={"Paddle-Signature": request.headers["paddle-signature"]}, body=request.body
        )
        return Verifier().verify(seen, Secret(secret))


class Line(Sender):
    scheme, library = "line", "line-bot-sdk"

    def sign(self, target, body, secret, now):
        return body, target, [("X-Line-Signature", b64(mac(secret, body).digest()))]

    def accepts(self, request, secret):
        validator = linebot.v3.webhook.SignatureValidator(secret)
        return validator.validate(request.text, request.headers["x-line-signature"])


class Razorpay(Sender):
    scheme, library, ids = "razorpay", "razorpay", ["x-razorpay-event-id"]

    def sign(self, target, body, secret, now):
        return body, target, [
            ("X-Razorpay-Event-Id", "Evt" + uuid.uuid4().hex), ("X-Razorpay-Signature", mac(secret, body).hexdigest()),
        ]

    def accepts(self, request, secret):
        utility = razorpay.Client(auth=("id", "secret")).utility
        return utility.verify_webhook_signature(request.text, request.headers["x-razorpay-signature"], secret)


class GoCardless(Sender):
    scheme, library = "gocardless", "gocardless-pro"

    def body(self, number):
        return b'{"events":[{"id":"EV%d","action":"created","email":"grace.hopper%d@mail.test"}]}' % (number, number)

    def sign(self, target, body, secret, now):
        return body, target, [("Webhook-Signature", mac(secret, body).hexdigest())]

    def accepts(self, request, secret):
        gocardless_pro.webhooks.parse(request.body, secret, request.headers["webhook-signature"])
        return True


class MessageBird(Sender):
    scheme, library = "messagebird", "messagebird"

    def path(self, body):
        return "/hooks/messagebird?reference=FOO&id=eef0&status=delivered"

    def signed_request(self, target, body, signature, now):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))
        return messagebird.signed_request.SignedRequest(signature, now, body.decode("latin-1"), query)

    def sign(self, target, body, secret, now):
        payload = self.signed_request(target, body, "", str(now))._build_payload().encode("latin-1")
        return body, target, [
            ("MessageBird-Signature", b64(mac(secret, payload).digest())), ("MessageBird-Request-Timestamp", str(now)),
        ]

    def accepts(self, request, secret):
        headers = request.headers
        signed = self.signed_request(
            request.target, request.body, headers["messagebird-signature"], headers["messagebird-request-timestamp"]
        )
        return signed.verify(secret) and signed.is_recent(300)


class AdyenNotification(Sender):
    scheme, library = "adyen", "Adyen"

    def body(self, number):
        item = {
            "pspReference": "85%014d" % number, "merchantAccountCode": "TestAccount", "merchantReference": "r-%d" % number,
            "amount": {"currency": "EUR", "value": 1000 + number}, "eventCode": "AUTHORISATION", "success": "true",
            "additionalData": {"hmacSignature": ""},
        }
        return json.dumps({"live": "false", "notificationItems": [{"NotificationRequestItem": item}]}).encode()

    def sign(self, target, body, secret, now):
        notification = json.loads(body)
        item = notification["notificationItems"][0]["NotificationRequestItem"]
        item["additionalData"]["hmacSignature"] = Adyen.util.generate_notification_sig(item, secret).decode()
        return json.dumps(notification).encode(), target, []

    def accepts(self, request, secret):
        notification = json.loads(request.body)
        return Adyen.util.is_valid_hmac_notification(notification["notificationItems"][0]["NotificationRequestItem"], secret)


class JSONWebToken(Sender):
    scheme, library = "jwt", "PyJWT"

    def sign(self, target, body, secret, now):
        claims = {"iss": "hooks", "sub": "u-1", "iat": now - 5, "nbf": now - 5, "exp": now + 60}
        return body, target, [("Authorization", "Bearer " + jwt.encode(claims, secret, algorithm="HS256"))]

    def accepts(self, request, secret):
        token = request.headers["authorization"].split(" ", 1)[1]
        jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp", "iat", "nbf"]})
        return True


class AWS(Sender):
    scheme, library = "sigv4", "botocore"

    def secrets(self, seed):
        secret, _ = super().secrets(seed)
        pair = "AKIDEXAMPLE%s:%s" % (secret[:4].upper(), secret)
        return pair, pair

    def path(self, body):
        return "/hooks/sigv4?b=2&a=%20x&c"

    def authorization(self, url, headers, body, secret, scope=("eu-central-1", "execute-api")):
        """What botocore signs a request with, at the time that stands in it."""
        key, secret = secret.split(":")
        signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials(key, secret), scope[1], scope[0])
        request = botocore.awsrequest.AWSRequest("POST", url, headers=headers, data=body)
        request.context["timestamp"] = headers["X-Amz-Date"]
        canonical = signer.canonical_request(request)
        signature = signer.signature(signer.string_to_sign(request, canonical), request)
        signed = signer.signed_headers(signer.headers_to_sign(request))
        return "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=%s, Signature=%s" % (signer.scope(request), signed, signature)

    def sign(self, target, body, secret, now):
        date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        fields = {"Host": "hooks.example", "X-Amz-Date": date, "Content-Type": self.content_type}
        authorization = self.authorization(self.origin() + target, fields, body, secret)
        return body, target, [("X-Amz-Date", date), ("Authorization", authorization)]

    def accepts(self, request, secret):
        stated = request.headers["authorization"]
        scope = stated.split("Credential=")[1].split(",")[0].split("/")
        date = request.headers["x-amz-date"]
        import calendar

        assert abs(calendar.timegm(time.strptime(date, "%Y%m%dT%H%M%SZ")) - time.time()) < 300
        fields = {
            "Host": request.headers["host"], "X-Amz-Date": date, "Content-Type": request.headers["content-type"],
        }
        return stated == self.authorization(request.url, fields, request.body, secret, (scope[2], scope[3]))


# Providers without a library that checks: as their documentation says.


class Documented(Sender):
    fields = []

    def accepts(self, request, secret):
        for name, value in self.expected(request, secret):
            assert hmac.compare_digest(request.headers[name.lower()], value), name
        return True


class Shopify(Documented):
    scheme, ids = "shopify", ["x-shopify-webhook-id"]

    def sign(self, target, body, secret, now):
        return body, target, [
            ("X-Shopify-Topic", "orders/create"), ("X-Shopify-Webhook-Id", str(uuid.uuid4())),
            ("X-Shopify-Hmac-Sha256", b64(mac(secret, body).digest())),
        ]

    def expected(self, request, secret):
        return [("X-Shopify-Hmac-Sha256", b64(mac(secret, request.body).digest()))]


class GitLab(Documented):
    scheme, ids = "gitlab", ["x-gitlab-event-uuid"]

    def sign(self, target, body, secret, now):
        return body, target, [
            ("X-Gitlab-Event", "Push Hook"), ("X-Gitlab-Event-UUID", str(uuid.uuid4())), ("X-Gitlab-Token", secret),
        ]

    def expected(self, request, secret):
        return [("X-Gitlab-Token", secret)]


class Linear(Documented):
    scheme, ids = "linear", ["linear-delivery"]

    def sign(self, target, body, secret, now):
        body = json.dumps({**json.loads(body), "webhookTimestamp": now * 1000}).encode()
        return body, target, [
            ("Linear-Delivery", str(uuid.uuid4())), ("Linear-Signature", mac(secret, body).hexdigest()),
        ]

    def expected(self, request, secret):
        assert abs(json.loads(request.body)["webhookTimestamp"] / 1000 - time.time()) < 60
        return [("Linear-Signature", mac(secret, request.body).hexdigest())]


class Zoom(Documented):
    scheme = "zoom"

    def sign(self, target, body, secret, now):
        signature = "v0=" + mac(secret, b"v0:%d:%s" % (now, body)).hexdigest()
        return body, target, [("x-zm-request-timestamp", str(now)), ("x-zm-signature", signature)]

    def expected(self, request, secret):
        moment = request.headers["x-zm-request-timestamp"]
        assert abs(int(moment) - time.time()) < 300
        return [("x-zm-signature", "v0=" + mac(secret, b"v0:%s:%s" % (moment.encode(), request.body)).hexdigest())]


class Discourse(Documented):
    scheme, ids = "discourse", ["x-discourse-event-id"]

    def sign(self, target, body, secret, now):
        return body, target, [
            ("X-Discourse-Event-Id", str(4711)),
            ("X-Discourse-Event-Signature", "sha256=" + mac(secret, body).hexdigest()),
        ]

    def expected(self, request, secret):
        return [("X-Discourse-Event-Signature", "sha256=" + mac(secret, request.body).hexdigest())]


class Mailgun(Documented):
    scheme = "mailgun"

    def sign(self, target, body, secret, now):
        token = hashlib.sha256(body).hexdigest()[:50]
        signature = mac(secret, "%d%s" % (now, token)).hexdigest()
        stamp = {"timestamp": str(now), "token": token, "signature": signature}
        return json.dumps({"signature": stamp, "event-data": json.loads(body)}).encode(), target, []

    def accepts(self, request, secret):
        stamp = json.loads(request.body)["signature"]
        assert abs(int(stamp["timestamp"]) - time.time()) < 300
        return hmac.compare_digest(stamp["signature"], mac(secret, stamp["timestamp"] + stamp["token"]).hexdigest())


class MeshHook(Documented):
    scheme, ids = "mesh", ["x-delivery-id"]

    def sign(self, target, body, secret, now):
        return body, target, [
            ("X-Delivery-Id", str(uuid.uuid4())), ("X-Signature", "sha256=" + mac(secret, body).hexdigest()),
        ]

    def expected(self, request, secret):
        return [("X-Signature", "sha256=" + mac(secret, request.body).hexdigest())]


class Described(Documented):
    """A scheme that is not built in: `suite.py` describes it in YAML."""

    scheme, library, ids = "acme", "described in YAML", ["acme-delivery"]

    def value(self, request_target, body, secret, moment, name):
        signed = "%s|POST|%s|%s|" % (moment, request_target, name)
        return "ts=%s,sig=%s" % (moment, base64.urlsafe_b64encode(mac(secret, signed.encode() + body, "sha512").digest()).decode().rstrip("="))

    def sign(self, target, body, secret, now):
        name = "d-" + uuid.uuid4().hex
        return body, target, [
            ("Acme-Delivery", name), ("Acme-Signature", self.value(target, body, secret, now * 1000, name)),
        ]

    def expected(self, request, secret):
        headers = request.headers
        moment = headers["acme-signature"].split(",")[0][3:]
        assert len(moment) == 13 and abs(int(moment) / 1000 - time.time()) < 300
        value = self.value(request.target, request.body, secret, moment, headers["acme-delivery"])
        return [("Acme-Signature", value)]


ALL = [
    GitHub(), Stripe(), StandardWebhooks(), Svix(), StandardWebhooksPair(), Slack(), TwilioForm(), TwilioJSON(), Discord(),
    SendGrid(), Square(), Paddle(), Line(), Razorpay(), GoCardless(), MessageBird(), AdyenNotification(), JSONWebToken(),
    AWS(), Shopify(), GitLab(), Linear(), Zoom(), Discourse(), Mailgun(), MeshHook(), Described(),
]
