using System.Text;

namespace PatientHub.Simulators.Print;

/// <summary>Reads RFC 4180: commas, quoted fields, doubled quotes, line breaks inside quotes.</summary>
internal static class Csv
{
    public static IEnumerable<IReadOnlyList<string>> Rows(string text)
    {
        var row = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (quoted)
            {
                if (character != '"')
                    field.Append(character);
                else if (index + 1 < text.Length && text[index + 1] == '"')
                    field.Append(text[++index]);
                else
                    quoted = false;
                continue;
            }

            switch (character)
            {
                case '"':
                    quoted = true;
                    break;
                case ',':
                    EndField();
                    break;
                case '\r':
                    break;
                case '\n':
                    EndField();
                    yield return row;
                    row = [];
                    break;
                case '\uFEFF' when index == 0:
                    break;
                default:
                    field.Append(character);
                    break;
            }
        }

        if (row.Count > 0 || field.Length > 0)
        {
            EndField();
            yield return row;
        }

        void EndField()
        {
            row.Add(field.ToString());
            field.Clear();
        }
    }
}
