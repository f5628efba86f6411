namespace PandaProbe.Safety.Secrets;

/// <summary>The keys of vendors of models, agents and what evaluates them.</summary>
internal static class ModelVendors
{
    /// <summary>In the form that <see cref="SecretForms"/> describes.</summary>
    public const string Lines = """
        anthropic sk-ant-api03- w80-120
        anthropic sk-ant-admin01- w80-120
        anthropic sk-ant-oat01- w80-120
        anthropic sk-ant-ort01- w80-120
        anthropic sk-ant-sid01- w80-140
        anthropic sk-ant- w32-140
        anyscale esecret_ n20-60
        arize ak- h8 '-' h4 '-' h4 '-' h4 '-' h12 '-' w20-40
        assemblyai aai_ n30-60
        baidu bce-v3/ALTAK- n20-24 '/' h40
        brave BSA w27-30
        braintrust bt-st- n40-60
        browserbase bb_live_ w20-40
        cerebras csk- l40-60
        cohere co_live_ n30-60
        composio ak_live_ n20-60
        cursor key_ h64
        e2b e2b_ h40
        elevenlabs sk_ h48
        firecrawl fc- h32
        fireworks fw_ n22-40
        groq gsk_ n48-56
        helicone sk-helicone- w20-60
        huggingface hf_ n34
        huggingface api_org_ n34
        jina jina_ w60-66
        langfuse sk-lf- h8 '-' h4 '-' h4 '-' h4 '-' h12
        langsmith lsv2_pt_ h32 '_' h10
        langsmith lsv2_sk_ h32 '_' h10
        lemonfox lf_ n40-64
        llamacloud llx- w40-60
        mem0 m0- n40
        mistral mst_ n32-48
        modal ak- n22
        modal as- n22
        moonshot sk-kimi- n40-80
        nvidia nvapi- w60-70
        openai sk-proj- w40-200
        openai sk-svcacct- w40-200
        openai sk-admin- w40-200
        openai sk-None- w40-200
        openai sk- n48
        openai-compatible sk- h32
        openrouter sk-or-v1- h64
        parallel par_ n40
        perplexity pplx- n40-60
        pinecone pcsk_ w60-90
        pinecone pckey_ w30-90
        private-ai pai_ n40
        pydantic pylf_v1_ l2-5 '_' n40-60
        rainforest rfp_ n30-60
        replicate r8_ n37
        runpod rpa_ n40-60
        stainless stl_sk_ n30-60
        tavily tvly- w28-50
        together tgp_v1_ w43
        turbopuffer tpuf_ n26-60
        voyage pa- w43
        wandb wandb_v1_ w40-90
        weightsandbiases local- h40
        xai xai- n70-90
        """;
}
