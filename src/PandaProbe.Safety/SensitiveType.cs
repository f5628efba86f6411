namespace PandaProbe.Safety;

/// <summary>What kind of sensitive value a <see cref="SensitiveFinding"/> is.</summary>
public enum SensitiveType
{
    /// <summary>A value that a detector of the application found (<see cref="ISensitiveDetector"/>).</summary>
    Custom,

    /// <summary>The number of a payment card: issuer range, length and Luhn checksum agree.</summary>
    PaymentCard,

    /// <summary>An IBAN: country, length and checksum agree.</summary>
    BankAccount,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A telephone number that a numbering plan allows.</summary>
    Phone,

    /// <summary>An IPv4 or IPv6 address of a machine.</summary>
    IPAddress,

    /// <summary>The hardware address of a network interface.</summary>
    MacAddress,

    /// <summary>A number by which a state knows a person: social security, tax, health, identity card.</summary>
    NationalId,

    /// <summary>The address of a crypto wallet whose checksum is right.</summary>
    CryptoAddress,

    /// <summary>A date that the text calls a date of birth.</summary>
    BirthDate,

    /// <summary>Coordinates of a place.</summary>
    Location,

    /// <summary>A key, token or other credential of a service.</summary>
    Secret,

    /// <summary>A private key in PEM form.</summary>
    PrivateKey,

    /// <summary>A password in a URL, a connection string or an assignment.</summary>
    Password,
}
