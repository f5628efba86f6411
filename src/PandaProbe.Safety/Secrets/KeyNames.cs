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

    // By the last two letters, what is no credential first. Most properties of a document end otherwise and are done after one look.
    private static readonly (string Word, KeyKind Kind)[]?[] ByEnd = Index(
        Words(Not, KeyKind.None).Concat(Words(Passwords, KeyKind.Password)).Concat(Words(Strong, KeyKind.Strong))
            .Concat(Words(Weak, KeyKind.Weak)), word => PairOf(word.Word[^2], word.Word[^1]));

    private static readonly string[]?[] VendorsByStart = Index(Vendors, vendor => PairOf(vendor[0], vendor[1]));

    /// <summary>Whether the name of a credential can end with these characters.</summary>
    public static bool CanEnd(char previous, char last) => ByEnd[PairOf(previous, last)] is not null;

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
        if (length < 2)
        {
            return KeyKind.None;
        }

        foreach ((string word, KeyKind kind) in ByEnd[PairOf(plain[^2], plain[^1])] ?? [])
        {
            if (!plain.EndsWith(word, StringComparison.Ordinal))
            {
                continue;
            }

            switch (kind)
            {
                // "compat" and "design" end like "pat" and "sig".
                case KeyKind.Strong when word.Length == 3 && word != "jwt" && plain.Length > 3 && name.Length == length:
                    continue;
                case KeyKind.Weak:
                    return WeakOrStrong(plain);
                default:
                    return kind;
            }
        }

        return KeyKind.None;
    }

    private static KeyKind WeakOrStrong(ReadOnlySpan<char> plain)
    {
        for (int i = 0; plain.Length > 6 && i < plain.Length - 1; i++)
        {
            foreach (string vendor in VendorsByStart[PairOf(plain[i], plain[i + 1])] ?? [])
            {
                if (plain[i..].StartsWith(vendor, StringComparison.Ordinal))
                {
                    return KeyKind.Strong;
                }
            }
        }

        return plain.EndsWith("token", StringComparison.Ordinal) || plain is "auth" or "key" or "cookie" or "session" or "sessionid"
            ? KeyKind.Weak : KeyKind.None;
    }

    private static IEnumerable<(string Word, KeyKind Kind)> Words(string[] words, KeyKind kind) => words.Select(word => (word, kind));

    // Five bits of each: the same for small letters and capitals.
    private static int PairOf(char first, char second) => ((first & 31) << 5) | (second & 31);

    private static T[]?[] Index<T>(IEnumerable<T> words, Func<T, int> pairOf)
    {
        var index = new T[]?[32 * 32];
        foreach (IGrouping<int, T> group in words.GroupBy(pairOf))
        {
            index[group.Key] = [.. group];
        }

        return index;
    }
}
