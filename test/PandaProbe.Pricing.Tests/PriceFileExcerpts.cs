namespace PandaProbe.Pricing.Tests;

/// <summary>The <c>prices</c> of some models, word for word from the JSON file that the price book was made from.</summary>
internal static class PriceFileExcerpts
{
    internal static readonly Dictionary<string, string> Prices = new()
    {
        ["anthropic/claude-sonnet-4-6"] = """
            [{"prices": {"input_mtok": {"base": 3, "tiers": [{"start": 200000, "price": 6}]}, "cache_write_mtok": {"base": 3.75, "tiers": [{"start": 200000, "price": 7.5}]}, "cache_read_mtok": {"base": 0.3, "tiers": [{"start": 200000, "price": 0.6}]}, "output_mtok": {"base": 15, "tiers": [{"start": 200000, "price": 22.5}]}, "cache_write_1h_mtok": {"base": 6, "tiers": [{"start": 200000, "price": 12}]}, "web_searches_kcount": 10}}, {"constraint": {"start_date": "2026-03-13", "type": "start_date"}, "prices": {"input_mtok": 3, "cache_write_mtok": 3.75, "cache_read_mtok": 0.3, "output_mtok": 15, "cache_write_1h_mtok": 6, "web_searches_kcount": 10}}]
            """,
        ["anthropic/claude-sonnet-4-5"] = """
            {"input_mtok": {"base": 3, "tiers": [{"start": 200000, "price": 6}]}, "cache_write_mtok": {"base": 3.75, "tiers": [{"start": 200000, "price": 7.5}]}, "cache_read_mtok": {"base": 0.3, "tiers": [{"start": 200000, "price": 0.6}]}, "output_mtok": {"base": 15, "tiers": [{"start": 200000, "price": 22.5}]}, "cache_write_1h_mtok": {"base": 6, "tiers": [{"start": 200000, "price": 12}]}, "web_searches_kcount": 10}
            """,
        ["openai/gpt-5.4"] = """
            {"input_mtok": {"base": 2.5, "tiers": [{"start": 271999, "price": 5}]}, "cache_read_mtok": {"base": 0.25, "tiers": [{"start": 271999, "price": 0.5}]}, "output_mtok": {"base": 15, "tiers": [{"start": 271999, "price": 22.5}]}, "web_searches_kcount": 10, "storage_searches_kcount": 2.5}
            """,
        ["openai/gpt-4o"] = """
            {"input_mtok": 2.5, "cache_read_mtok": 1.25, "output_mtok": 10, "web_searches_kcount": 10, "storage_searches_kcount": 2.5}
            """,
        ["openai/o3"] = """
            [{"prices": {"input_mtok": 10, "cache_read_mtok": 0.5, "output_mtok": 40, "web_searches_kcount": 10, "storage_searches_kcount": 2.5}}, {"constraint": {"start_date": "2025-06-10", "type": "start_date"}, "prices": {"input_mtok": 2, "cache_read_mtok": 0.5, "output_mtok": 8, "web_searches_kcount": 10, "storage_searches_kcount": 2.5}}]
            """,
        ["openai/gpt-realtime"] = """
            {"input_mtok": 4, "cache_read_mtok": 0.4, "output_mtok": 16, "input_audio_mtok": 32, "cache_audio_read_mtok": 0.4, "output_audio_mtok": 64, "input_image_mtok": 5, "cache_image_read_mtok": 0.5}
            """,
        ["google/gemini-2.5-flash"] = """
            {"input_mtok": 0.3, "cache_read_mtok": 0.03, "output_mtok": 2.5, "input_audio_mtok": 1, "cache_audio_read_mtok": 0.1}
            """,
        ["google/gemini-2.5-flash-image"] = """
            {"input_mtok": 0.3, "output_mtok": 2.5, "output_image_mtok": 30}
            """,
        ["deepseek/deepseek-v4-flash"] = """
            [{"prices": {"input_mtok": 0.14, "cache_read_mtok": 0.0028, "output_mtok": 0.28}}, {"constraint": {"start_date": "2026-08-17", "type": "start_date"}, "prices": {"input_mtok": 0.22, "cache_read_mtok": 0.007, "output_mtok": 0.66}}, {"constraint": {"start_time": "01:00:00Z", "end_time": "04:00:00Z", "type": "time_of_date"}, "prices": {"input_mtok": 0.44, "cache_read_mtok": 0.014, "output_mtok": 1.32}}, {"constraint": {"start_time": "06:00:00Z", "end_time": "10:00:00Z", "type": "time_of_date"}, "prices": {"input_mtok": 0.44, "cache_read_mtok": 0.014, "output_mtok": 1.32}}]
            """,
        ["deepseek/deepseek-chat"] = """
            [{"prices": {"input_mtok": 0.135, "cache_read_mtok": 0.035, "output_mtok": 0.55}}, {"constraint": {"start_time": "00:30:00Z", "end_time": "16:30:00Z", "type": "time_of_date"}, "prices": {"input_mtok": 0.27, "cache_read_mtok": 0.07, "output_mtok": 1.1}}]
            """,
        ["openai/text-embedding-3-small"] = """
            {"input_mtok": 0.02}
            """,
        ["google/gemini-3.8-flash"] = """
            [{"prices": {"input_mtok": 0.75, "cache_read_mtok": 0.075, "output_mtok": 3.75}}, {"constraint": {"start_date": "2027-01-01", "type": "start_date"}, "prices": {"input_mtok": 1.5, "cache_read_mtok": 0.15, "output_mtok": 7.5}}]
            """,
        ["openai/gpt-audio"] = """
            {"input_mtok": 2.5, "output_mtok": 10, "input_audio_mtok": 32, "output_audio_mtok": 64}
            """,
    };
}
