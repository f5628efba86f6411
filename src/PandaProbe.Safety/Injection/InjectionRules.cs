namespace PandaProbe.Safety.Injection;

/// <summary>The families of phrases with which texts try to give a model orders, and their weights.</summary>
internal static class InjectionRules
{
    public static readonly InjectionRule[] OfWords =
    [
        // Take back what the model was told.
        new("override", 0.6, 4, "ignore|ignoring|disregard|disregarding|forget|bypass|override|overrule|neglect|discard|abandon|dismiss|drop|skip|do not follow|dont follow|stop following|set aside|pay no attention to|no longer follow",
            "previous*|prior|above|earlier|preceding|all|any|your|system|every|everything|initial|original|existing|former|foregoing|these|those|past|other",
            "instruction*|prompt*|rule|rules|guideline*|direction|directions|directive*|command|commands|programming|training|constraint*|restriction*|policy|policies|order|orders|context|safeguard*|told you|were told|been told|you were given"),
        new("override", 0.6, 4, "forget|ignore|disregard", "everything|anything|all that|all of that|what", "you know|you were told|you have been told|above|before|you learned|i said|told you|previously|came before"),
        new("override", 0.6, 4, "ignoriere*|vergiss|vergesse*|missachte*|verwirf|beachte nicht|umgehe", "alle|alles|vorherige*|bisherige*|obige*|deine|vorangegangene*|fruhere*|ihre", "anweisung*|regel|regeln|instruktion*|vorgabe*|befehl*|richtlinie*|prompt*|einschrankung*"),
        new("override", 0.6, 4, "ignore*|oublie*|neglige*|ne tiens pas compte|ne tenez pas compte|fais abstraction", "instruction*|consigne*|regle*|directive*|ordre*|contrainte*", "precedent*|anterieur*|ci dessus|initial*|donnee*|systeme|ton|tes|vos|recue*"),
        new("override", 0.6, 4, "ignore*|oublie*", "toutes|tous|tes|vos|les", "instructions precedentes|consignes precedentes|consignes|directives|regles precedentes"),
        new("override", 0.6, 4, "ignora|ignore|ignorar|olvida|olvide|olvidar|descarta|omite|haz caso omiso", "instruccion*|regla*|directric*|orden|ordenes|indicacion*|restriccion*", "anterior*|previa*|inicial*|sistema|recibid*|dadas|arriba"),
        new("override", 0.6, 4, "ignora|ignori|dimentica|trascura|scarta", "istruzion*|regol*|direttiv*|ordini|comandi|indicazion*", "precedent*|iniziali|sistema|sopra|ricevut*"),
        new("override", 0.6, 4, "ignora|dimentica", "tutte|tutti|le tue|le", "istruzioni|regole precedenti|direttive"),
        new("override", 0.6, 4, "ignore|ignorar|esqueca|desconsidere|descarte", "instruc*|regra*|diretriz*|ordens|comando*|orientac*", "anterior*|previa*|iniciais|sistema|acima|recebid*"),
        new("override", 0.6, 4, "negeer|vergeet|sla over", "alle|vorige|eerdere|bovenstaande|voorgaande|je", "instructie*|regels|opdracht*|aanwijzing*|richtlijn*"),
        new("override", 0.6, 4, "zignoruj|ignoruj|zapomnij", "poprzedni*|wszystki*|wczesniejsz*|swoje", "instrukcj*|polece*|zasad*|regul*|wytyczn*"),
        new("override", 0.6, 4, "игнорируй*|забудь*|проигнорируй*|отбрось", "предыдущ*|все|всё|прошл*|свои|ранее", "инструкц*|указан*|правил*|команд*|ограничен*"),
        new("override", 0.6, 4, "ignorera|glom|bortse fran|ignorer|glem", "tidigare|alla|foregaende|tidligere|alle", "instruktion*|regler|instruks*|anvisning*"),
        new("override", 0.6, 4, "onceki|tum|yukaridaki", "talimat*|komut*|kural*", "yok say*|unut*|goz ardi*|gormezden*"),
        new("override", 0.6, 0, "忽略|无视|無視|忘记|忘掉|不要理会|不要遵守|忽視", "之前|以上|先前|前面|上面|所有|所有的|一切|你的", "指令|指示|规则|規則|提示|命令|限制|设定"),
        new("override", 0.6, 0, "以前の|これまでの|上記の|すべての|全ての|前の", "指示|命令|ルール|プロンプト|制約", "無視|忘れ|従わない"),
        new("override", 0.6, 2, "이전|위의|모든|앞선|지금까지의", "지시*|지침*|명령*|규칙*|프롬프트*", "무시*|잊어*|따르지*"),
        new("override", 0.6, 4, "تجاهل|انس|تجاهلي", "جميع|كل|السابقة|التعليمات", "التعليمات|السابقة|الأوامر|القواعد"),
        new("override", 0.6, 4, "पिछले|सभी|पहले", "निर्देश*|नियम*|आदेश*", "अनदेखा|भूल|नजरअंदाज"),

        // Become something without limits.
        new("no-limits", 0.45, 3, "no|without|free from|free of|not bound by|not bound to|not limited by|not restricted by|unbound by|liberated from|unconstrained by|ignores|ignore|bypasses|removed|lifted|disabled|turned off|breaks|devoid of|lacks",
            "any|all|ethical|moral|content|safety|usual|typical|legal|openai*|restriction*|limitation*|filter*|censorship|guardrail*|rules|boundaries|moral*|ethic*|guideline*|policies|constraints|morals",
            "restriction*|limitation*|filter*|censorship|guardrail*|guideline*|rules|boundaries|constraints|policies|ethics|morals|limits|principles|confines of ai|considerations|concerns|policy|compass"),
        new("no-limits", 0.45, 1, "unrestricted|uncensored|unfiltered|jailbroken|jailbreak|amoral|unethical|immoral|unhinged|limitless|unshackled|no restrictions|no limitations|no filter|no filters|no censorship|no rules|without restrictions|without censorship|without filters|no guidelines|rule free",
            "ai|assistant|chatbot|model|language|gpt|version|mode|response*|answer*|bot|character|persona|output|you|and|entity|system|llm|on|anymore|whatsoever|machine|mind|apply|program"),
        new("persona", 0.3, 12, "you are now|you will now|from now on|act as|acting as|pretend|roleplay as|role play as|you are going to|simulate|imagine you are|you shall|assume the role|take on the role|respond as|embody|become|enter|switch to|transform into|play the role|you will be",
            "dan|aim|stan|unrestricted|uncensored|unfiltered|jailbroken|evil|amoral|unethical|no restrictions|no rules|no limits|no limitations|do anything|anything|without restrictions|developer mode|god mode|machiavellian|dude|villain gpt|antigpt|opposite|rogue|free from|any question|no filter|no moral|free of|liberated|unbound|unlocked|not bound|no ethical"),
        new("persona", 0.5, 3, "do anything now|dan mode|developer mode|god mode|jailbreak mode|unrestricted mode|evil mode|opposite mode|root access|admin mode|chaos mode|unfiltered mode|freedom mode|no filter mode",
            "enabled|activated|output|now you|is on|is active|engaged|unlocked|granted|simulator|respond*|without|all content|which means|means|on respond|on without|on all|on you must"),
        new("persona", 0.5, 3, "do anything now|dan mode|god mode|jailbreak mode|unrestricted mode|evil mode|no filter mode", "on|you|is|and|to|now|with|has|which|it|for|as"),
        new("persona", 0.45, 8, "du bist jetzt|du bist ab jetzt|tu verhalte dich|verhalte dich als|spiele die rolle|ab sofort bist du|tu es maintenant|a partir de maintenant|agis comme|ahora eres|a partir de ahora|actua como|ora sei|d ora in poi|agisci come|agora voce e|a partir de agora|je bent nu|jestes teraz|теперь ты|отныне ты",
            "ohne|unbeschrankt*|uneingeschrankt*|unzensiert*|keine|sans|illimite*|aucune|sin|ilimitad*|ninguna|senza|nessuna|sem|nenhuma|zonder|bez|без|dan|неограничен*"),
        new("persona", 0.45, 0, "你现在是|从现在起|从现在开始|今から|これからあなたは|지금부터", "没有限制|不受限制|无限制|没有任何|不受任何|制限のない|無制限|制限なし|제한 없는|제한이 없는|제약 없이"),

        // Leave out refusals and warnings.
        new("no-refusal", 0.4, 4, "never|do not|dont|must not|cannot|can not|cant|not allowed to|forbidden to|refrain from|not|without ever|wont|will not|shall not|will never",
            "refuse|refusing|decline|say no|say you cant|say i cant|say that you cant|say sorry|say im sorry|apologize|apologizing|apologise|moralize|lecture|disclaim*|warn me|reject|deny|say anything is|censor|hesitate|tell me no|break character|mention your guidelines|remind me|question my"),
        new("no-refusal", 0.35, 3, "no|without|omit|skip|leave out|exclude|zero|drop", "any|all|disclaimer*|warning*|moral|ethical|safety|refusal*|caveats|apolog*|hedging|lectures|judgment", "disclaimer*|warning*|advice|lecture*|judg*|refusal*|caveats|remarks|commentary|apolog*|reminders|hedging|notes"),
        new("no-refusal", 0.4, 5, "answer|comply|respond|complies|obey|fulfill|fulfil|answers|obeys|responds|execute|provide|give me|help with", "regardless of|no matter|even if|without regard|irrespective of|without question|unconditionally|despite", "illegal*|ethic*|unethical|moral*|immoral|harmful|dangerous|legal*|what|how|consequences|law|safety|request*|it|they|hesitation|rules|policy|offensive"),
        new("no-refusal", 0.35, 2, "illegal|unethical|immoral|harmful|dangerous|inappropriate|offensive", "or|and", "illegal|unethical|immoral|harmful|dangerous|inappropriate|offensive|not|otherwise"),
        new("no-refusal", 0.4, 4, "lose|deduct*|costs you|minus|take away", "tokens|points|credits|lives|token|point", "if|when|each time|every time|whenever|for each|refus*|reject*|break*"),
        new("two-answers", 0.45, 8, "two|both|dual|one as|first as|twice|classic", "response*|answer*|ways|paragraphs|times|outputs|replies", "jailbr*|normal|standard|unfiltered|dan|dev*|uncensored|evil|classic|censored|restricted"),

        // Give away the instructions.
        new("extraction", 0.55, 5, "reveal|show|print|repeat|output|display|tell me|give me|write out|write down|disclose|leak|expose|dump|share|recite|copy|paste|echo|list|reproduce|summarize|translate|what is|what are|what was|what were|return|spell out|quote|type out|encode",
            "your|the|all|full|complete|entire|exact|initial|original|hidden|secret|verbatim|every",
            "system prompt*|system message|initial prompt*|hidden instruction*|hidden prompt*|original prompt*|secret instruction*|your instruction*|prompt above|text above|words above|instructions above|message above|everything above|developer message|hidden rules|system instruction*|internal instruction*|confidential instruction*|instructions you were given|instructions you received|pre prompt|preprompt|starting prompt|first prompt|base prompt|secret rules|secret prompt|configuration prompt"),
        new("extraction", 0.55, 1, "your|your full|your exact|your entire|the exact text of your", "initial|original|full|exact|entire|complete|first|very first", "instruction*|prompt|rules|guidelines"),
        new("extraction", 0.5, 3, "systemprompt|system prompt|systemnachricht|prompt du systeme|prompt systeme|instructions systeme|prompt del sistema|mensaje del sistema|prompt di sistema|prompt do sistema|системный промпт|системную инструкцию",
            "zeig*|gib|nenn*|wiederhol*|aus|wortlich|affiche*|montre*|repete*|revele*|muestra*|repite*|revela*|mostra*|ripeti|mostre|repita|покажи|выведи|повтори|exact*|completo|complet"),
        new("extraction", 0.5, 4, "zeig*|gib|nenn*|wiederhol*|verrate*|affiche*|montre*|repete*|revele*|muestra*|muestrame|repite*|revela*|mostra*|ripeti|mostre|repita|покажи|выведи|повтори|toon|pokaz", "systemprompt*|system prompt*|prompt du systeme|prompt systeme|instructions systeme|prompt del sistema|prompt di sistema|prompt do sistema|системн*|systeemprompt*"),
        new("extraction", 0.55, 0, "显示|告诉我|输出|重复|打印|泄露|透露|表示|教えて|出力|알려|보여|출력", "系统提示|系統提示|系统指令|初始指令|提示词|システムプロンプト|시스템 프롬프트"),
        new("extraction", 0.5, 2, "repeat|print|output|copy|write", "everything|all|the words|the text|all the text|what is written", "above|before this|preceding|prior to this|starting with you are|beginning with you are"),

        // Speak as somebody who may give orders.
        new("authority", 0.35, 3, "system|admin|administrator|developer|root|security|emergency|maintenance|operator", "override|bypass|command|access code|mode activated|mode enabled|protocol override|alert override|unlock"),
        new("authority", 0.3, 4, "i am|im|this is|speaking as|we are", "your developer|your creator|your administrator|the developer|your admin|an openai|from openai|openai staff|anthropic staff|your programmer|the system administrator|your owner|your maker|the administrator|openai engineer"),
        new("authority", 0.45, 3, "new|updated|revised|real|actual|important new|your new|following", "instructions|task|system prompt|directive|objective|orders|rules", "are as follows|supersede|replace|override|take precedence|for you|you must|is to|is now|effective immediately|now apply|below"),
        new("authority", 0.35, 5, "attention|important|note|message|instruction|instructions|urgent|command|notice", "ai|assistant|llm|language model|chatgpt|claude|gemini|copilot|agent|agents|ai assistant|automated", "must|please|should|ignore|do|you|before|reading|processing|that|following|summarizing"),

        // Do something behind the user's back.
        new("secrecy", 0.5, 4, "do not|dont|never|without|avoid|refrain from", "tell|telling|mention|mentioning|inform|informing|alert|alerting|notify|notifying|reveal*|show|showing|disclose|let", "user|users|anyone|human|customer|operator|this instruction|these instructions|the user know"),
        new("exfiltration", 0.45, 10, "send|forward|post|upload|exfiltrate|transmit|email|submit|append|leak|share|copy|fetch|include", "conversation|chat history|api key|api keys|password*|secret*|credentials|system prompt|user data|personal data|private data|message history|contents of|environment variables|access token*|session|emails|contacts|ssh key*", "to|http*|url|www|server|address|webhook|parameter|link|domain|endpoint|attacker*"),
        new("tools", 0.35, 6, "call|use|invoke|execute|run|trigger", "tool|function|command|shell|terminal|api|plugin|browser|code interpreter", "without asking|without confirmation|immediately|silently|before answering|without telling|now with|no confirmation|without user|first with"),

        // A story as a cover.
        new("fiction", 0.3, 14, "hypothetical*|fictional|fiction|story|novel|imaginary|thought experiment|screenplay|movie scene|simulation|alternate universe|parallel universe|game called", "no rules|no laws|no ethics|no morals|illegal|no restrictions|anything is allowed|everything is legal|amoral|unethical|without limits|no limits|no consequences|step by step instructions|detailed instructions|no filter*|unfiltered"),
        new("fiction", 0.3, 5, "stay in character|remain in character|never break character|stay a dan|stay in jailbreak|keep acting|keep up the act"),
        new("fiction", 0.35, 6, "grandmother|grandma|granny|late mother", "used to|would", "read me|tell me|recite", "recipe*|key*|password*|instructions|how to|steps|windows|napalm|serial*"),
    ];

    /// <summary>Signs that only a template or a hidden text has.</summary>
    public static readonly (string Sign, string Name, double Weight)[] OfSigns =
    [
        ("<|im_start|>", "markup", 0.55), ("<|im_end|>", "markup", 0.45), ("[inst]", "markup", 0.45), ("<<sys>>", "markup", 0.55),
            ("<|system|>", "markup", 0.55), ("<|start_header_id|>", "markup", 0.55), ("<|endoftext|>", "markup", 0.3),
        ("</system>", "markup", 0.4), ("<system>", "markup", 0.35), ("### system", "markup", 0.35), ("### instruction:", "markup", 0.25),
            ("\nsystem:", "markup", 0.35), ("[system]", "markup", 0.35), ("[system message]", "markup", 0.4),
            ("begin system", "markup", 0.35),
        ("[jailbreak]", "two-answers", 0.45), ("🔓", "two-answers", 0.35), ("[🔒classic]", "two-answers", 0.45),
            ("-----end of", "markup", 0.1), ("{godmode", "persona", 0.5), ("l1b3rt4s", "persona", 0.6), ("</user_query>", "markup", 0.4),
            ("<!-- ai", "markup", 0.3),
    ];
}
