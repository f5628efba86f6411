namespace PandaProbe.Safety.Secrets;

/// <summary>Reads names of values: <c>DB_PASSWORD</c>, <c>clientSecret</c>, <c>x-api-key</c>.</summary>
internal static class KeyNames
{
    private static readonly string[] Passwords =
        ["password", "passwd", "passphrase", "passwort", "pwd", "kennwort", "contraseña", "motdepasse", "userpass", "dbpass", "mysqlpass",
        "smtppass"];

    private static readonly string[] Strong =
    [
        "secret", "apikey", "secretkey", "accesskey", "accesskeyid", "authkey", "privatekey", "encryptionkey", "signingkey", "masterkey",
            "appkey", "accountkey", "sharedaccesskey", "sharedaccesssignature", "servicekey",
        "deploykey", "licensekey", "subscriptionkey", "adminkey", "integrationkey", "storagekey", "functionkey", "hmackey", "aeskey",
            "seckey", "clientkey", "consumerkey", "apisecret", "clientsecret", "accesstoken", "authtoken", "apitoken", "bearertoken",
            "refreshtoken", "bottoken", "usertoken", "sessiontoken", "securitytoken",
        "deploytoken", "servicetoken", "personalaccesstoken", "oauthtoken", "idtoken", "jwt", "authorization", "proxyauthorization",
            "credential", "credentials", "apipassword", "secretaccesskey", "webhooksecret", "connectionstring", "amzsignature", "sig",
            "pat",
    ];

    private static readonly string[] Weak =
        ["token", "key", "auth", "signature", "cookie", "session", "sessionid", "sid", "apiid", "appid"];

    // What ends like a credential and is none.
    private static readonly string[] Not =
    [
        "publickey", "primarykey", "foreignkey", "cachekey", "partitionkey", "sortkey", "rowkey", "idempotencykey", "objectkey", "s3key",
            "hotkey", "pagetoken", "nexttoken", "continuationtoken", "cursortoken", "csrftoken", "xsrftoken", "publickeytoken",
        "cancellationtoken",
    ];

    // With the name of one of these a "key" or an id is a credential.
    private static readonly string[] Vendors =
    [
        "adafruit", "adobe", "airtable", "algolia", "alibaba", "aliyun", "amplitude", "anthropic", "asana", "atlassian", "auth0", "aws",
            "azure", "beamer", "bitbucket", "bittrex", "braintree", "branch", "bugsnag", "cloudflare", "cloudinary",
        "codecov", "cohere", "coinbase", "confluent", "contentful", "databricks", "datadog", "deepgram", "deepl", "deepseek",
            "digitalocean", "discord", "docusign", "dropbox", "droneci", "dynatrace", "elastic", "elevenlabs", "etsy", "facebook", "fastly",
        "figma", "finicity", "finnhub", "firebase", "fireworks", "flickr", "flutterwave", "freshbooks", "gemini", "github", "gitlab",
            "gitter", "gocardless", "google", "grafana", "groq", "heroku", "honeycomb", "hubspot", "huggingface", "intercom", "ipinfo",
            "jfrog",
        "jira", "kraken", "kucoin", "launchdarkly", "linear", "linkedin", "lob", "looker", "mailchimp", "mailgun", "mailjet", "mapbox",
            "mattermost", "meraki", "messagebird", "microsoft", "mistral", "mixpanel", "mongodb", "netlify", "newrelic", "notion",
            "nytimes", "okta",
        "openai", "openweather", "pagerduty", "paypal", "perplexity", "pinecone", "plaid", "plivo", "postgres", "postmark", "pusher",
            "quickbooks", "rapidapi", "razorpay", "recaptcha", "redis", "replicate", "rollbar", "salesforce", "segment", "sendbird",
            "sendgrid", "sentry", "serpapi",
        "shodan", "shopify", "sidekiq", "slack", "snyk", "sonar", "splunk", "spotify", "square", "squarespace", "stability", "stripe",
            "sumologic", "supabase", "tavily", "telegram", "telnyx", "travis", "trello", "twilio", "twitch", "twitter", "typeform",
            "vercel", "virustotal", "voyage", "wandb", "webex", "weights", "wepay", "xai", "yandex",
        "youtube", "zendesk", "zoom",
    ];

    private static readonly string[][] ByEnding = [Passwords, Strong, Weak];

    // The last letters of all names above. Most properties of a document end otherwise and are done after one look.
    private static readonly bool[] Endings = EndingsOf();

    /// <summary>Whether the name of a credential can end with these characters.</summary>
    public static bool CanEnd(char previous, char last) => last >= 128 || previous >= 128
        || Endings[((last | 0x20) << 7) | previous | 0x20];

    public static KeyKind KindOf(ReadOnlySpan<char> name)
    {
        if (name.Length < 3 || name.Length > 80)
        {
            return KeyKind.None;
        }

        if (!CanEnd(name[^2], name[^1]))
        {
            return KeyKind.None;
        }

        Span<char> buffer = stackalloc char[80];
        int length = 0;
        foreach (char c in name)
        {
            if (c is not ('_' or '-' or '.' or ' '))
            {
                buffer[length++] = char.ToLowerInvariant(c);
            }
        }

        ReadOnlySpan<char> plain = buffer[..length];
        if (EndsWithAny(plain, Not))
        {
            return KeyKind.None;
        }

        if (EndsWithAny(plain, Passwords))
        {
            return KeyKind.Password;
        }

        bool isPat = plain.EndsWith("pat", StringComparison.Ordinal) || plain.EndsWith("sig", StringComparison.Ordinal);
        if (EndsWithAny(plain, Strong) && (!isPat || plain.Length == 3 || name.Length > length))
        {
            return KeyKind.Strong;
        }

        if (!EndsWithAny(plain, Weak))
        {
            return KeyKind.None;
        }

        for (int i = 0; plain.Length > 6 && i < Vendors.Length; i++)
        {
            if (plain.Contains(Vendors[i], StringComparison.Ordinal))
            {
                return KeyKind.Strong;
            }
        }

        return plain.EndsWith("token", StringComparison.Ordinal) || plain is "auth" or "key" or "cookie" or "session" or "sessionid"
            ? KeyKind.Weak : KeyKind.None;
    }

    private static bool EndsWithAny(ReadOnlySpan<char> name, string[] endings)
    {
        foreach (string ending in endings)
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool[] EndingsOf()
    {
        bool[] endings = new bool[128 * 128];
        foreach (string word in ByEnding.SelectMany(words => words))
        {
            endings[(word[^1] << 7) | word[^2]] = true;
        }

        return endings;
    }
}
