// Draws the icon of the packages. Run it from the root of the repository: dotnet run build/icon.cs -- build/icon.png
// A panda on a tile, and a lens in front of one eye: the probe. It needs no drawing program and no font.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

const int Size = 128;
const int Samples = 4;

(double Red, double Green, double Blue) tile = (38, 70, 83), ink = (24, 32, 38), white = (250, 250, 247), lens = (42, 190, 170);

// Coordinates are pixels from the upper left corner. Each shape says whether a point lies in it; later ones cover earlier ones.
(Func<double, double, bool> Holds, (double Red, double Green, double Blue) Color)[] shapes =
[
    (RoundedSquare(2, 28), tile),
    (Ellipse(32, 38, 15, 15, 0), ink),
    (Ellipse(96, 38, 15, 15, 0), ink),
    (Ellipse(64, 69, 46, 41, 0), white),
    (Ellipse(45, 65, 11, 14.5, 32), ink),
    (Ellipse(83, 65, 11, 14.5, -32), ink),
    (Ellipse(47, 63, 4, 4, 0), white),
    (Ellipse(81, 63, 4, 4, 0), white),
    (Ellipse(64, 83, 7.5, 5, 0), ink),
    (Arc(57, 88, 7, 2.2), ink),
    (Arc(71, 88, 7, 2.2), ink),
    (Line(96.5, 79.5, 112, 98, 5.5), lens),
    (Ring(82, 64, 19.5, 3.2), lens),
];

byte[] image = new byte[Size * (1 + Size * 4)];
for (int row = 0; row < Size; row++)
{
    for (int column = 0; column < Size; column++)
        Paint(column, row, image.AsSpan(row * (1 + Size * 4) + 1 + column * 4, 4));
}

using FileStream file = File.Create(args is [string path] ? path : "build/icon.png");
file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
byte[] header = new byte[13];
BinaryPrimitives.WriteInt32BigEndian(header, Size);
BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Size);
header[8] = 8; // bits of a channel
header[9] = 6; // red, green, blue, alpha
Chunk(file, "IHDR", header);
using (MemoryStream packed = new())
{
    using (ZLibStream zip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        zip.Write(image);
    Chunk(file, "IDAT", packed.ToArray());
}

Chunk(file, "IEND", []);

void Paint(int column, int row, Span<byte> pixel)
{
    double red = 0, green = 0, blue = 0;
    int covered = 0;
    for (int sample = 0; sample < Samples * Samples; sample++)
    {
        double x = column + (sample % Samples + 0.5) / Samples, y = row + (sample / Samples + 0.5) / Samples;
        int top = Array.FindLastIndex(shapes, shape => shape.Holds(x, y));
        if (top < 0)
            continue;
        covered++;
        red += shapes[top].Color.Red;
        green += shapes[top].Color.Green;
        blue += shapes[top].Color.Blue;
    }

    if (covered == 0)
        return;
    pixel[0] = (byte)Math.Round(red / covered);
    pixel[1] = (byte)Math.Round(green / covered);
    pixel[2] = (byte)Math.Round(blue / covered);
    pixel[3] = (byte)Math.Round(covered * 255.0 / (Samples * Samples));
}

static Func<double, double, bool> Ellipse(double centerX, double centerY, double radiusX, double radiusY, double degrees)
{
    var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
    return (x, y) =>
    {
        double along = ((x - centerX) * cos + (y - centerY) * sin) / radiusX,
            across = ((y - centerY) * cos - (x - centerX) * sin) / radiusY;
        return along * along + across * across <= 1;
    };
}

static Func<double, double, bool> Ring(double centerX, double centerY, double radius, double halfWidth) =>
    (x, y) => Math.Abs(Math.Sqrt((x - centerX) * (x - centerX) + (y - centerY) * (y - centerY)) - radius) <= halfWidth;

// The lower half of a thin circle.
static Func<double, double, bool> Arc(double centerX, double centerY, double radius, double width)
{
    Func<double, double, bool> ring = Ring(centerX, centerY, radius, width / 2);
    return (x, y) => y >= centerY && ring(x, y);
}

static Func<double, double, bool> Line(double fromX, double fromY, double toX, double toY, double halfWidth)
{
    double lengthX = toX - fromX, lengthY = toY - fromY;
    return (x, y) =>
    {
        double along = Math.Clamp(((x - fromX) * lengthX + (y - fromY) * lengthY) / (lengthX * lengthX + lengthY * lengthY), 0, 1);
        double awayX = x - fromX - along * lengthX, awayY = y - fromY - along * lengthY;
        return awayX * awayX + awayY * awayY <= halfWidth * halfWidth;
    };
}

static Func<double, double, bool> RoundedSquare(double margin, double radius)
{
    double half = Size / 2.0 - margin - radius;
    return (x, y) =>
    {
        double awayX = Math.Max(0, Math.Abs(x - Size / 2.0) - half), awayY = Math.Max(0, Math.Abs(y - Size / 2.0) - half);
        return awayX * awayX + awayY * awayY <= radius * radius;
    };
}

static void Chunk(Stream png, string type, byte[] data)
{
    byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
    Span<byte> number = stackalloc byte[4];
    BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
    png.Write(number);
    png.Write(body);

    uint crc = uint.MaxValue;
    foreach (byte value in body)
    {
        crc ^= value;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
    }

    BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
    png.Write(number);
}
