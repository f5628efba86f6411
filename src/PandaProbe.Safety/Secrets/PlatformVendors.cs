namespace PandaProbe.Safety.Secrets;

/// <summary>The keys of vendors of clouds, databases, source code and packages.</summary>
internal static class PlatformVendors
{
    /// <summary>In the form that <see cref="SecretForms"/> describes.</summary>
    public const string Lines = """
        1password ops_eyJ b150-2000
        1password A3- u6 '-' u6 '-' u5 '-' u5 '-' u5 '-' u5
        1password A3- u6 '-' u11 '-' u5 '-' u5 '-' u5
        age AGE-SECRET-KEY-1 u58
        aiven AVNS_ w16-40
        aiven aivenv1 b200-400
        akamai akab- l16 '-' l16
        alibaba LTAI n12-24
        amazon AKIA t16
        amazon ASIA t16
        amazon ABIA t16
        amazon ACCA t16
        amazon ABSK b80-300
        amazon bedrock-api-key- b100-2000
        amazon amzn.mws. h8 '-' h4 '-' h4 '-' h4 '-' h12
        amazon amzn1.oa2-cs.v1. h64
        artifactory AKCp n60-75
        artifactory cmVmd n50-64
        atlassian ATATT3 x150-220
        atlassian ATCTT3 x150-220
        atlassian ATSTT3 x150-220
        auth0 auth0_ n40-80
        authress authress_ l5-30 '.' l4-6 '.' w14-36 '.' x30-120
        azure AZDO n60-90
        bitbucket ATBB n28-40
        bitrise bitpat_ n30-70
        buildkite bkua_ h40
        buildkite bkaj_ w20-200
        buildkite bkct_ w20-80
        circleci CCIPAT_ n20-24 '_' h40
        circleci CCIPRJ_ n20-24 '_' h40
        clickhouse 4b1d n38
        clojars CLOJARS_ l60
        cloudflare v1.0- h24 '-' h146
        cloudflare cfut_ w30-60
        cloudflare cfat_ w30-60
        crates.io cio n32
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
        dynatrace dt0c01. u24 '.' u64
        dynatrace dt0s01. u8-24 '.' u64
        dynatrace dt0s16. u8-24 '.' u64
        elastic essu_ b40-120
        expo expo_ w36-44
        fly fo1_ w43
        fly fm1r_ b100-600
        fly fm1a_ b100-600
        fly fm2_ b100-800
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
        grafana glc_ b32-400
        grafana glsa_ n32 '_' h8
        grafana eyJrIjoi b60-400
        harness pat. w22 '.' h24 '.' n20
        harness sat. w22 '.' h24 '.' n20
        heroku HRKU- w36-66
        infracost ico- n32
        inngest signkey- l4-6 '-' h64
        ionic ion_ n42
        launchdarkly api- h8 '-' h4 '-' h4 '-' h4 '-' h12
        launchdarkly sdk- h8 '-' h4 '-' h4 '-' h4 '-' h12
        localstack ls- a4 '-' n8-20 '-' n8-20 '-' n8-20
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
        npm npm_ n36 !
        nuget oy2 l43
        octopus API- u26
        openshift sha256~ w43
        planetscale pscale_tkn_ w32-64
        planetscale pscale_pw_ w32-64
        planetscale pscale_oauth_ w32-64
        prefect pnu_ n36
        prefect pnb_ n36
        pulumi pul- h40
        pypi pypi-AgEI w50-250
        pypi pypi-AgEN w50-250
        render rnd_ n28-36
        rubygems rubygems_ h48
        scalingo tk-us- w48
        sentry sntrys_eyJ b80-400
        sentry sntryu_ h64
        sonarqube squ_ h40
        sonarqube sqp_ h40
        sonarqube sqa_ h40
        sourcegraph sgp_ h40
        sourcegraph sgp_ h16 '_' h40
        sourcegraph slk_ h64
        sourcegraph sgd_ h64
        statsig secret- n40-46
        supabase sbp_ h40
        supabase sb_secret_ w30-50
        tailscale tskey-auth- n10-20 '-' n20-40
        tailscale tskey-api- n10-20 '-' n20-40
        tailscale tskey-client- n10-20 '-' n20-40
        tailscale tskey-webhook- n10-20 '-' n20-40
        tencent AKID n32
        thunderstore tss_ w30-50
        tinybird p.eyJ w30-200 '.' w43
        unkey unkey_ w20-40
        upstash UPSTASH_ n30-80
        vault hvs. w24-150
        vault hvb. w100-300
        vault hvr. w24-150
        vercel vercel_blob_rw_ n16 '_' n30
        vercel vcp_ n24-60
        vercel vck_ n24-80
        wakatime waka_ h8 '-' h4 '-' h4 '-' h4 '-' h12
        workos sk_live_a2V5 n20-80
        yandex AQVN w35-38
        yandex y0_ w50-70
        yandex t1. x80-300
        zuplo zpka_ h32 '_' h8
        """;
}
