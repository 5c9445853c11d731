"""The two French texts of a user's package, written from the schema: what each column holds, and how to begin."""

from __future__ import annotations

from helpers import catalog, french

_CONVENTIONS = """\
Chaque tableau est un fichier CSV : point-virgule entre les colonnes, virgule décimale, encodage UTF-8. Un tableur français
l'ouvre d'un double clic.

- **Dates** : AAAA-MM-JJ (2025-12-31).
- **Codes** : du texte. Un tableur qui retire le zéro de 01004 a changé la commune.
- **Cellule vide** : on ne sait pas, ou sans objet. N'écrivez ni 0, ni « ND », ni « - ».
- **Nombres** : sans espace ni unité (31270, pas « 31 270 hab. »).
- **Personnes** : des codes, jamais de noms.
"""


def dictionary(package: catalog.Package) -> str:
    """Data dictionary of the package in Markdown: for each table its file, its key and one row per column."""
    parts = [
        f"# Dictionnaire des données : {package.descriptor['title']}",
        "Écrit par « cpts new » à partir du schéma (`datapackage.json`).",
        _CONVENTIONS.strip(),
    ]
    return "\n\n".join([*parts, *(_table(package.table(name)) for name in package.names())]) + "\n"


def _table(table: catalog.Table) -> str:
    points = {
        link.columns[0]: f" Renvoie à `{link.table}`, colonne `{link.others[0]}`." for link in table.links
    }
    rows = [
        f"| `{field.name}` | {field.title} | {field.description}{points.get(field.name, '')} | {field.kind()} "
        f"| {'oui' if field.required else ''} | {field.allowed(labelled=True)} |"
        for field in table.fields
    ]
    columns = french.listing(f"`{column}`" for column in table.key)
    unique = f" Une seule ligne par {columns}." if columns else ""
    needed = "Peut rester sans ligne." if table.optional else "**Obligatoire : au moins une ligne.**"
    return "\n".join(
        [
            f"## {table.title} (`{table.path}`)",
            "",
            f"{table.description}{unique} {needed}",
            "",
            "| Colonne | Titre | Contenu | Type | Obligatoire | Valeurs permises |",
            "|---|---|---|---|---|---|",
            *rows,
        ]
    )


def first_steps(package: catalog.Package, *, example: bool) -> str:
    """`LISEZMOI.md` of the package: what is here, in which order to fill, how to check, which commands follow."""
    lines = [f"- `{item['path']}` : {item['title']}" for item in package.descriptor["resources"]]
    opening = (
        "**Exemple fictif.** Rien ici n'est réel : ni les CPTS, ni leurs périmètres (de vraies communes, réunies au hasard), "
        "ni leurs chiffres, ni les paroles. Il montre un paquet rempli."
        if example
        else "Ce dossier est le paquet de données de votre CPTS : des tableaux à remplir. Le dossier `exemple` en montre un "
        "rempli, entièrement fictif."
    )
    place = f'"{package.folder.name}"' if " " in package.folder.name else package.folder.name
    book = (
        f'"{package.folder.name}/classeur.xlsx"' if " " in package.folder.name else f"{place}/classeur.xlsx"
    )
    return f"""\
# {package.descriptor["title"]}

{opening}

## Dans quel ordre

1. `cpts/cpts.csv` : une ligne, votre CPTS. C'est le seul tableau obligatoire.
2. `cpts/facts.csv` : ce que vous savez d'elle, chapitre par chapitre ; une information demandée et inconnue garde sa ligne.
3. `cpts/indicator_definitions.csv`, puis `cpts/indicators.csv` : vos indicateurs, avec numérateur et dénominateur.
4. `dts/schemes.csv`, puis `dts/links.csv` et `dts/priorities.csv` : les CLS, CLSM, ASV et autres structures de votre territoire,
   et ce que vous faites avec elles ; un souhait est un lien souhaité, il n'a pas de degré.
5. Le reste quand vous l'avez. Un tableau vide est une absence de données, pas un zéro.

`DICTIONNAIRE.md` dit ce que contient chaque colonne.

## Vérifier

```
cpts check {place}
```

Chaque défaut est une phrase : fichier, ligne, colonne, valeur, ce qu'il faut faire.

## Avec un tableur

Excel et LibreOffice ouvrent ces CSV, mais Excel réécrit les dates et retire le zéro de tête des codes en enregistrant. Le
classeur `classeur.xlsx` (« cpts new DOSSIER --workbook ») ne le fait pas et propose des listes déroulantes. Pour le
rapporter dans le paquet :

```
cpts import workbook {book} --into {place}
```

Un CSV abîmé par Excel, ou venu d'ailleurs, entre par `cpts import csv` : dates et décimales à la française sont converties.

## Tableaux

{chr(10).join(lines)}
"""
