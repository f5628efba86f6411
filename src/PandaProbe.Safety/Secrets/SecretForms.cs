namespace PandaProbe.Safety.Secrets;

/// <summary>What is known of the keys and tokens of services that give them a prefix.</summary>
/// <remarks>
/// A line: vendor, prefix, then what follows as parts: an alphabet (<see cref="SecretPart.Has"/>) and how many, or a literal in quotes;
/// <c>!</c> at the end: GitHub's checksum. Sources are the vendors' documentation and the tokens that they hand out.
/// </remarks>
internal static class SecretForms
{
    private const string Lines = """
        1password ops_eyJ b150-2000
        1password A3- u6 '-' u6 '-' u5 '-' u5 '-' u5 '-' u5
        1password A3- u6 '-' u11 '-' u5 '-' u5 '-' u5
        abuseipdb abip_ n40-80
        adafruit aio_ n28
        adobe p8e- l32
        adyen AQE b80-200
        age AGE-SECRET-KEY-1 u58
        airtable pat n14 '.' h64
        aiven AVNS_ w16-40
        aiven aivenv1 b200-400
        akamai akab- l16 '-' l16
        alchemy alcht_ n30
        alibaba LTAI n12-24
        amazon AKIA t16
        amazon ASIA t16
        amazon ABIA t16
        amazon ACCA t16
        amazon ABSK b80-300
        amazon bedrock-api-key- b100-2000
        amazon amzn.mws. h8 '-' h4 '-' h4 '-' h4 '-' h12
        amazon amzn1.oa2-cs.v1. h64
        anthropic sk-ant-api03- w80-120
        anthropic sk-ant-admin01- w80-120
        anthropic sk-ant-oat01- w80-120
        anthropic sk-ant-ort01- w80-120
        anthropic sk-ant-sid01- w80-140
        anthropic sk-ant- w32-140
        anyscale esecret_ n20-60
        apify apify_api_ n30-50
        arize ak- h8 '-' h4 '-' h4 '-' h4 '-' h12 '-' w20-40
        artifactory AKCp n60-75
        artifactory cmVmd n50-64
        assemblyai aai_ n30-60
        atlassian ATATT3 x150-220
        atlassian ATCTT3 x150-220
        atlassian ATSTT3 x150-220
        auth0 auth0_ n40-80
        authress authress_ l5-30 '.' l4-6 '.' w14-36 '.' x30-120
        azure AZDO n60-90
        baidu bce-v3/ALTAK- n20-24 '/' h40
        beamer b_ w44
        bitbucket ATBB n28-40
        bitrise bitpat_ n30-70
        brave BSA w27-30
        braintrust bt-st- n40-60
        brevo xkeysib- h64 '-' n16
        brevo xsmtpsib- h64 '-' n16
        browserbase bb_live_ w20-40
        buildkite bkua_ h40
        buildkite bkaj_ w20-200
        buildkite bkct_ w20-80
        canva cnvca w40-60
        cerebras csk- l40-60
        circleci CCIPAT_ n20-24 '_' h40
        circleci CCIPRJ_ n20-24 '_' h40
        clickhouse 4b1d n38
        clojars CLOJARS_ l60
        cloudflare v1.0- h24 '-' h146
        cloudflare cfut_ w30-60
        cloudflare cfat_ w30-60
        cohere co_live_ n30-60
        composio ak_live_ n20-60
        contentful CFPAT- w40-64
        crates.io cio n32
        cursor key_ h64
        databricks dapi h32
        databricks dkea h32
        databricks dose h32
        deno ddp_ n36
        deno ddw_ n36
        definednetworking dnkey- w26-80
        digitalocean dop_v1_ h64
        digitalocean doo_v1_ h64
        digitalocean dor_v1_ h64
        docker dckr_pat_ w27
        docker dckr_oat_ w27-36
        doppler dp.pt. n40-44
        doppler dp.ct. n40-44
        doppler dp.sa. n40-44
        doppler dp.scim. n40-44
        doppler dp.audit. n40-44
        doppler dp.st. x40-80
        dropbox sl. w130-160
        duffel duffel_live_ w43
        duffel duffel_test_ w43
        dynatrace dt0c01. u24 '.' u64
        dynatrace dt0s01. u8-24 '.' u64
        dynatrace dt0s16. u8-24 '.' u64
        e2b e2b_ h40
        easypost EZAK n54
        easypost EZTK n54
        elastic essu_ b40-120
        elevenlabs sk_ h48
        expo expo_ w36-44
        facebook EAAC n80-300
        facebook EAAB n80-300
        facebook EAAD n80-300
        facebook EAAG n80-300
        facebook EAAM n80-300
        figma figd_ w40
        figma figdr_ w40
        finicity fin_ n30-60
        firecrawl fc- h32
        fireworks fw_ n22-40
        flutterwave FLWSECK_TEST- l12-34
        flutterwave FLWSECK- h32 '-' 'X'
        fly fo1_ w43
        fly fm1r_ b100-600
        fly fm1a_ b100-600
        fly fm2_ b100-800
        frameio fio-u- w64
        gitguardian ggtt-v- w20-60
        github ghp_ n36 !
        github gho_ n36 !
        github ghu_ n36 !
        github ghs_ n36 !
        github ghr_ n36-76 !
        github github_pat_ n22 '_' n59
        gitlab glpat- w20-300
        gitlab gldt- w20-64
        gitlab glrt- w20-64
        gitlab glrtr- w20-64
        gitlab glcbt- w18-80
        gitlab glptt- h40
        gitlab glft- w20
        gitlab glimt- w25
        gitlab glagent- w50
        gitlab gloas- h64
        gitlab glsoat- w20
        gitlab glffct- w20
        gitlab GR1348941 w20
        google AIza w35
        google ya29. w30-300
        google GOCSPX- w28
        google AQ.Ab w40-80
        gocardless live_ w40
        grafana glc_ b32-400
        grafana glsa_ n32 '_' h8
        grafana eyJrIjoi b60-400
        groq gsk_ n48-56
        gumroad gumroad_ w30-60
        harness pat. w22 '.' h24 '.' n20
        harness sat. w22 '.' h24 '.' n20
        helicone sk-helicone- w20-60
        heroku HRKU- w36-66
        hubspot pat-na1- h8 '-' h4 '-' h4 '-' h4 '-' h12
        hubspot pat-eu1- h8 '-' h4 '-' h4 '-' h4 '-' h12
        huggingface hf_ n34
        huggingface api_org_ n34
        infracost ico- n32
        inngest signkey- l4-6 '-' h64
        instagram IGQV n80-200
        intercom dG9rO b40-70
        intra42 s-s4t2ud- h64
        intra42 s-s4t2af- h64
        ionic ion_ n42
        jina jina_ w60-66
        langfuse sk-lf- h8 '-' h4 '-' h4 '-' h4 '-' h12
        langsmith lsv2_pt_ h32 '_' h10
        langsmith lsv2_sk_ h32 '_' h10
        launchdarkly api- h8 '-' h4 '-' h4 '-' h4 '-' h12
        launchdarkly sdk- h8 '-' h4 '-' h4 '-' h4 '-' h12
        lemonfox lf_ n40-64
        lichess lip_ w20
        linear lin_api_ n40
        linear lin_oauth_ h64
        llamacloud llx- w40-60
        lob live_ h35
        localstack ls- a4 '-' n8-20 '-' n8-20 '-' n8-20
        mailersend mlsn. h64
        mailgun key- l32
        mailgun pubkey- l32
        mailgun private- h32 '-' h8 '-' h8
        mapbox sk.eyJ w60-120 '.' w22
        mem0 m0- n40
        midtrans Mid-server- w24
        mistral mst_ n32-48
        modal ak- n22
        modal as- n22
        moonshot sk-kimi- n40-80
        mongodb mdb_sa_sk_ w40
        neon napi_ l50-70
        netlify nfp_ n36-40
        newrelic NRAK- u27
        newrelic NRII- w32
        newrelic NRIQ- w32
        newrelic NRRA- h42
        newrelic NRJS- h19
        ngrok 2 n26 '_' n20-21
        ngrok ak_2 n26
        notion ntn_ d11 n35
        notion secret_ n43
        npm npm_ n36 !
        nuget oy2 l43
        nvidia nvapi- w60-70
        nylas nyk_ w60-70
        octopus API- u26
        openai sk-proj- w40-200
        openai sk-svcacct- w40-200
        openai sk-admin- w40-200
        openai sk-None- w40-200
        openai sk- n48
        openai-compatible sk- h32
        openrouter sk-or-v1- h64
        openshift sha256~ w43
        parallel par_ n40
        paypal A21AA w80-120
        perplexity pplx- n40-60
        persona persona_production_ w20-60
        pinecone pcsk_ w60-90
        pinecone pckey_ w30-90
        plaid access-sandbox- h8 '-' h4 '-' h4 '-' h4 '-' h12
        plaid access-production- h8 '-' h4 '-' h4 '-' h4 '-' h12
        plaid access-development- h8 '-' h4 '-' h4 '-' h4 '-' h12
        planetscale pscale_tkn_ w32-64
        planetscale pscale_pw_ w32-64
        planetscale pscale_oauth_ w32-64
        polar polar_oat_ w40-60
        polar polar_pat_ w40-60
        posthog phx_ n40-60
        postman PMAK- h24 '-' h34
        prefect pnu_ n36
        prefect pnb_ n36
        private-ai pai_ n40
        pulumi pul- h40
        pypi pypi-AgEI w50-250
        pypi pypi-AgEN w50-250
        pydantic pylf_v1_ l2-5 '_' n40-60
        rainforest rfp_ n30-60
        ramp ramp_sec_ n40-60
        razorpay rzp_live_ n14
        razorpay rzp_test_ n14
        readme rdme_ l70
        render rnd_ n28-36
        replicate r8_ n37
        resend re_ n8 '_' n24
        retool retool_ n26-60
        rubygems rubygems_ h48
        runpod rpa_ n40-60
        salesforce 3MVG9 x70-120
        samsara samsara_api_ n30
        sanity sk n150-180
        scalingo tk-us- w48
        segment sgp_ n64
        sendgrid SG. w22 '.' w43
        sentry sntrys_eyJ b80-400
        sentry sntryu_ h64
        shippo shippo_live_ h40
        shippo shippo_test_ h40
        shopify shpat_ h32
        shopify shpca_ h32
        shopify shppa_ h32
        shopify shpss_ h32
        shopify shptka_ h32
        slack xoxb- d10-13 '-' w20-60
        slack xoxp- d10-13 '-' w20-90
        slack xoxa- w20-90
        slack xoxe- w20-200
        slack xoxr- w20-90
        slack xoxs- w20-90
        slack xoxc- w20-90
        slack xoxd- x40-300
        slack xoxe.xoxp- w60-220
        slack xapp- d1 '-' u8-14 '-' d10-14 '-' h64
        sonarqube squ_ h40
        sonarqube sqp_ h40
        sonarqube sqa_ h40
        sourcegraph sgp_ h40
        sourcegraph sgp_ h16 '_' h40
        sourcegraph slk_ h64
        sourcegraph sgd_ h64
        square sq0atp- w22
        square sq0csp- w43
        square sq0idp- w22
        square EAAA w60
        stainless stl_sk_ n30-60
        statsig secret- n40-46
        stripe sk_live_ n20-110
        stripe sk_test_ n20-110
        stripe rk_live_ n20-110
        stripe rk_test_ n20-110
        stripe whsec_ b32-70
        supabase sbp_ h40
        supabase sb_secret_ w30-50
        svix testsk_ w30-60
        tailscale tskey-auth- n10-20 '-' n20-40
        tailscale tskey-api- n10-20 '-' n20-40
        tailscale tskey-client- n10-20 '-' n20-40
        tailscale tskey-webhook- n10-20 '-' n20-40
        tavily tvly- w28-50
        telnyx KEY h32 '_' w16-30
        tencent AKID n32
        thunderstore tss_ w30-50
        tinybird p.eyJ w30-200 '.' w43
        together tgp_v1_ w43
        trello ATTA h72
        turbopuffer tpuf_ n26-60
        twilio SK h32
        twitter AAAAAAAAAAAAAAAAAAAA x60-120
        typeform tfp_ w40-70
        ubidots BBFF- n30
        unkey unkey_ w20-40
        upstash UPSTASH_ n30-80
        vault hvs. w24-150
        vault hvb. w100-300
        vault hvr. w24-150
        vercel vercel_blob_rw_ n16 '_' n30
        vercel vcp_ n24-60
        vercel vck_ n24-80
        voyage pa- w43
        wakatime waka_ h8 '-' h4 '-' h4 '-' h4 '-' h12
        wandb wandb_v1_ w40-90
        webflow ws- h64
        weightsandbiases local- h40
        workos sk_live_a2V5 n20-80
        xai xai- n70-90
        yandex AQVN w35-38
        yandex y0_ w50-70
        yandex t1. x80-300
        zapier zap_ n32-60
        zuplo zpka_ h32 '_' h8
        """;

    private static readonly SecretForm[] All = [.. Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    // By the first two characters of the prefix; a prefix of one character is under that character and '\0'.
    private static readonly SecretForm[]?[] ByStart = Index();

    public static IReadOnlyList<SecretForm> Forms => All;

    /// <summary>Gives the forms whose prefix begins like the token.</summary>
    public static ReadOnlySpan<SecretForm> StartingLike(char first, char second) =>
        first < 128 && second < 128 ? ByStart[(first << 7) | second] : null;

    private static SecretForm[]?[] Index()
    {
        var index = new SecretForm[]?[128 * 128];
        foreach (SecretForm form in All)
        {
            for (int second = 0; second < 128; second++)
            {
                if (form.Prefix.Length > 1 ? form.Prefix[1] == second : char.IsAsciiLetterOrDigit((char)second))
                {
                    ref SecretForm[]? entry = ref index[(form.Prefix[0] << 7) | second];
                    entry = [.. entry ?? [], form];
                }
            }
        }

        return index;
    }

    private static SecretForm Parse(string line)
    {
        string[] fields = line.Split(' ');
        return new(fields[0], fields[1], [.. fields[2..].Where(field => field != "!").Select(Part)], fields[^1] == "!");
    }

    private static SecretPart Part(string field)
    {
        if (field[0] == '\'')
        {
            return new(field[1], 1, 1);
        }

        string[] counts = field[1..].Split('-');
        return new(field[0], int.Parse(counts[0], null), int.Parse(counts[^1], null));
    }
}
