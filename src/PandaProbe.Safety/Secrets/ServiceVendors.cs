namespace PandaProbe.Safety.Secrets;

/// <summary>The keys of vendors of payments, mail, messages and other services.</summary>
internal static class ServiceVendors
{
    /// <summary>In the form that <see cref="SecretForms"/> describes.</summary>
    public const string Lines = """
        abuseipdb abip_ n40-80
        adafruit aio_ n28
        adobe p8e- l32
        adyen AQE b80-200
        airtable pat n14 '.' h64
        alchemy alcht_ n30
        apify apify_api_ n30-50
        beamer b_ w44
        brevo xkeysib- h64 '-' n16
        brevo xsmtpsib- h64 '-' n16
        canva cnvca w40-60
        contentful CFPAT- w40-64
        dropbox sl. w130-160
        duffel duffel_live_ w43
        duffel duffel_test_ w43
        easypost EZAK n54
        easypost EZTK n54
        facebook EAAC n80-300
        facebook EAAB n80-300
        facebook EAAD n80-300
        facebook EAAG n80-300
        facebook EAAM n80-300
        figma figd_ w40
        figma figdr_ w40
        finicity fin_ n30-60
        flutterwave FLWSECK_TEST- l12-34
        flutterwave FLWSECK- h32 '-' 'X'
        frameio fio-u- w64
        gocardless live_ w40
        gumroad gumroad_ w30-60
        hubspot pat-na1- h8 '-' h4 '-' h4 '-' h4 '-' h12
        hubspot pat-eu1- h8 '-' h4 '-' h4 '-' h4 '-' h12
        instagram IGQV n80-200
        intercom dG9rO b40-70
        intra42 s-s4t2ud- h64
        intra42 s-s4t2af- h64
        lichess lip_ w20
        linear lin_api_ n40
        linear lin_oauth_ h64
        lob live_ h35
        mailersend mlsn. h64
        mailgun key- l32
        mailgun pubkey- l32
        mailgun private- h32 '-' h8 '-' h8
        mapbox sk.eyJ w60-120 '.' w22
        midtrans Mid-server- w24
        notion ntn_ d11 n35
        notion secret_ n43
        nylas nyk_ w60-70
        paypal A21AA w80-120
        persona persona_production_ w20-60
        plaid access-sandbox- h8 '-' h4 '-' h4 '-' h4 '-' h12
        plaid access-production- h8 '-' h4 '-' h4 '-' h4 '-' h12
        plaid access-development- h8 '-' h4 '-' h4 '-' h4 '-' h12
        polar polar_oat_ w40-60
        polar polar_pat_ w40-60
        posthog phx_ n40-60
        postman PMAK- h24 '-' h34
        ramp ramp_sec_ n40-60
        razorpay rzp_live_ n14
        razorpay rzp_test_ n14
        readme rdme_ l70
        resend re_ n8 '_' n24
        retool retool_ n26-60
        salesforce 3MVG9 x70-120
        samsara samsara_api_ n30
        sanity sk n150-180
        segment sgp_ n64
        sendgrid SG. w22 '.' w43
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
        square sq0atp- w22
        square sq0csp- w43
        square sq0idp- w22
        square EAAA w60
        stripe sk_live_ n20-110
        stripe sk_test_ n20-110
        stripe rk_live_ n20-110
        stripe rk_test_ n20-110
        stripe whsec_ b32-70
        svix testsk_ w30-60
        telnyx KEY h32 '_' w16-30
        trello ATTA h72
        twilio SK h32
        twitter AAAAAAAAAAAAAAAAAAAA x60-120
        typeform tfp_ w40-70
        ubidots BBFF- n30
        webflow ws- h64
        zapier zap_ n32-60
        """;
}
