using System.Text.Json;

namespace PandaProbe.Testing.Evaluations;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object","required":["id"]}""", """{"id":1}""", null)]
    [InlineData("""{"type":"object","required":["id"]}""", """{}""", "$.id is missing")]
    [InlineData("""{"type":"object"}""", """[]""", "$ is array instead of object")]
    [InlineData("""{"type":["string","null"]}""", """5""", "$ is number instead of string or null")]
    [InlineData("""{"type":"integer"}""", """5.0""", null)]
    [InlineData("""{"type":"integer"}""", """5.5""", "$ is number instead of integer")]
    [InlineData("""{"type":"boolean"}""", """true""", null)]
    [InlineData("""{"enum":["a",1.0]}""", """1""", null)]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", "$ is \"c\", which is none of [\"a\",\"b\"]")]
    [InlineData("""{"const":{"a":1,"b":2}}""", """{"b":2,"a":1.0}""", null)]
    [InlineData("""{"minimum":0,"maximum":1}""", """1.5""", "$ is 1.5, above the maximum 1")]
    [InlineData("""{"minimum":0}""", """-1""", "$ is -1, below the minimum 0")]
    [InlineData("""{"exclusiveMinimum":0}""", """0""", "$ is 0, not above 0")]
    [InlineData("""{"exclusiveMaximum":1}""", """1""", "$ is 1, not below 1")]
    [InlineData("""{"multipleOf":0.01}""", """12.34""", null)]
    [InlineData("""{"multipleOf":0.01}""", """12.345""", "$ is 12.345, not a multiple of 0.01")]
    [InlineData("""{"minLength":2}""", "\"👍\"", "$ has 1 characters, fewer than 2")]
    [InlineData("""{"maxLength":1}""", "\"ab\"", "$ has 2 characters, more than 1")]
    [InlineData("""{"pattern":"^A-\\d+$"}""", "\"A-x\"", "$ does not match the pattern ^A-\\d+$")]
    [InlineData("""{"items":{"type":"string"},"minItems":1}""", """["a",2]""", "$[1] is number instead of string")]
    [InlineData("""{"minItems":1}""", """[]""", "$ has 0 items, fewer than 1")]
    [InlineData("""{"uniqueItems":true}""", """[{"a":1},{"a":1.0}]""", "$ has the same item twice")]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":false}""", """["a","b"]""", "$[1] is not allowed")]
    [InlineData("""{"properties":{"a":{"properties":{"b":{"type":"number"}}}}}""", """{"a":{"b":"x"}}""", "$.a.b is string instead of number")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"a":1,"z":2}""", "$.z is not allowed")]
    [InlineData("""{"additionalProperties":{"type":"number"}}""", """{"z":"x"}""", "$.z is string instead of number")]
    [InlineData("""{"maxProperties":1}""", """{"a":1,"b":2}""", "$ has 2 properties, more than 1")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"number"}]}""", """true""", "$ fits none of anyOf")]
    [InlineData("""{"oneOf":[{"minimum":0},{"maximum":5}]}""", """3""", "$ fits 2 of oneOf instead of one")]
    [InlineData("""{"allOf":[{"minimum":0},{"maximum":5}]}""", """7""", "$ is 7, above the maximum 5")]
    [InlineData("""{"not":{"type":"null"}}""", """null""", "$ fits what \"not\" forbids")]
    [InlineData("""{"$ref":"#/$defs/id","$defs":{"id":{"type":"string"}}}""", """1""", "$ is number instead of string")]
    [InlineData("""{"$ref":"#/definitions/a~1b","definitions":{"a/b":{"type":"string"}}}""", """1""", "$ is number instead of string")]
    [InlineData("""{"type":"object","properties":{"next":{"$ref":"#"}}}""", """{"next":{"next":3}}""", "$.next.next is number instead of object")]
    [InlineData("true", "5", null)]
    [InlineData("false", "5", "$ is not allowed")]
    [InlineData("""{"title":"x","description":"y","format":"email","$schema":"https://json-schema.org/draft/2020-12/schema"}""", "5", null)]
    public void A_value_is_checked_and_the_first_fault_named(string schema, string value, string? fault)
    {
        using var document = JsonDocument.Parse(value);

        JsonSchema.Parse(schema).FindFault(document.RootElement).ShouldBe(fault);
    }

    [Theory]
    [InlineData("""{"if":{}}""", "#/if: the keyword is not supported")]
    [InlineData("""{"properties":{"a":{"patternProperties":{}}}}""", "#/properties/a/patternProperties: the keyword is not supported")]
    [InlineData("""{"contains":{}}""", "leaving it out would accept values that it forbids")]
    [InlineData("""{"minimum":"1"}""", "#/minimum: the keyword needs a number")]
    [InlineData("""{"type":"text"}""", "\"text\" is no type of JSON schema")]
    [InlineData("""{"type":5}""", "#/type")]
    [InlineData("""{"pattern":"("}""", "#/pattern: the keyword needs a regular expression")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "the reference leads nowhere")]
    [InlineData("""{"$ref":"https://example.org/schema"}""", "only references inside the schema are supported")]
    [InlineData("""{"anyOf":[]}""", "#/anyOf")]
    [InlineData("[]", "a schema must be an object or a boolean")]
    [InlineData("{", "The schema cannot be used, because it is not JSON from line 1, byte 2.")]
    public void A_schema_that_is_not_understood_is_refused(string schema, string complaint) =>
        Should.Throw<ArgumentException>(() => JsonSchema.Parse(schema)).Message.ShouldContain(complaint);

    [Fact]
    public void A_schema_that_only_refers_to_itself_ends()
    {
        var schema = JsonSchema.Parse("""{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}""");
        using var document = JsonDocument.Parse("1");
        JsonElement value = document.RootElement;

        Should.Throw<EvaluatorException>(() => schema.FindFault(value)).Message.ShouldContain("refers to itself");
    }
}
